package io.dlion.monitor.comparison.trace;

/**
 * A stretch of virtual time.
 *
 * @param fromSeconds its begin, since the run began
 * @param toSeconds its end
 */
public record Interval(double fromSeconds, double toSeconds) {}
