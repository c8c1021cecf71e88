package io.dlion.monitor.statistics;

/**
 * How a server and its global model stand, as it told last. Immutable.
 *
 * @param atNanos when it told so, since the run began
 * @param version of the global model
 * @param commits applied since it serves
 * @param commitsPerSecond of all clients, over the last 20 s
 * @param commitTarget commits of each client in a check period, or steps between two commits; 0
 *     where the method sets neither
 * @param search the state of the search for a rate of commits; empty if none is under way
 * @param reward of the last probe; NaN before the first
 * @param implicitMomentum of the resulting update; NaN where unknown
 * @param searches begun so far
 */
public record ServerSnapshot(
    long atNanos,
    long version,
    long commits,
    double commitsPerSecond,
    int commitTarget,
    String search,
    double reward,
    double implicitMomentum,
    int searches) {}
