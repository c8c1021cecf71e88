package io.dlion.core.stream;

import java.lang.foreign.MemorySegment;

/**
 * A record that has arrived, as one example.
 *
 * @param example its input and then its target, in native byte order, with the element types and
 *     the order that {@link io.dlion.core.learn.ExampleShape.Kind} names; normalised
 * @param partition of the source
 * @param nextOffset offset of the record behind it in that partition
 * @param ageNanos how long ago it arrived at the site, at least 0
 * @param hash of its content, for counting what was learned from
 */
public record Incoming(
    MemorySegment example, String partition, long nextOffset, long ageNanos, long hash) {}
