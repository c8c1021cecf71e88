package io.dlion.cluster.line;

import java.util.Optional;

/**
 * How another station is reached.
 *
 * @param peer the other
 * @param via who forwards; empty where the way is direct
 * @param sinceNanos for how long it has been so, where somebody forwards
 */
public record Path(Station peer, Optional<String> via, long sinceNanos) {}
