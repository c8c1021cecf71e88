package io.dlion.monitor.comparison.trace;

import io.dlion.core.WorkerId;

/**
 * How a server stood when something of its search for a rate of commits had changed. Immutable.
 *
 * @param seconds virtual time since the run began
 * @param server who served
 * @param version of the global model
 * @param commits applied since it serves
 * @param commitTarget commits of each client in a check period, or steps between two commits; 0
 *     where the method sets neither
 * @param search the state of the search; empty if none was under way
 * @param reward of the last probe; NaN before the first
 * @param implicitMomentum of the resulting update; NaN where unknown
 * @param searches begun so far
 */
public record ServerPoint(
    double seconds,
    WorkerId server,
    long version,
    long commits,
    int commitTarget,
    String search,
    double reward,
    double implicitMomentum,
    int searches) {}
