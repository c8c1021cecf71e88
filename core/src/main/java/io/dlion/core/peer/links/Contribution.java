package io.dlion.core.peer.links;

import io.dlion.core.wire.HeaderExtension;
import java.lang.foreign.MemorySegment;

/**
 * What a worker adds to the update of all workers.
 *
 * @param gradient of the layout, or what an optimizer has made of it
 * @param scale what it is multiplied by to become what is sent
 * @param noiseScale gradient noise scale in samples, 0 where unknown
 * @param weight what is sent is multiplied by in the update
 * @param extension what peers are told besides
 */
public record Contribution(
    MemorySegment gradient,
    float scale,
    double noiseScale,
    double weight,
    HeaderExtension extension) {}
