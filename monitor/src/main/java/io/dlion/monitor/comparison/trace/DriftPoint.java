package io.dlion.monitor.comparison.trace;

import io.dlion.core.WorkerId;

/**
 * A drift that was found.
 *
 * @param seconds virtual time since the run began
 * @param worker who found it
 * @param cluster whether in the predictions of all workers; else in its own
 * @param errorBefore share of wrong predictions before
 * @param errorAfter the same since
 */
public record DriftPoint(
    double seconds, WorkerId worker, boolean cluster, double errorBefore, double errorAfter) {}
