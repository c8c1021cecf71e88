package io.dlion.cli.cap;

import io.dlion.cluster.cap.Caps;
import java.util.OptionalInt;

/**
 * What a worker may take of its machine and its lines; besides threads, which are a key of the job.
 *
 * @param caps what it may send and take
 * @param nice its priority, 0 to 19; the greater, the more other programs go first; empty: as the
 *     process was started
 */
public record MachineShare(Caps caps, OptionalInt nice) {}
