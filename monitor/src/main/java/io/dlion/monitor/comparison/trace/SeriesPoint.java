package io.dlion.monitor.comparison.trace;

/**
 * A value at a time.
 *
 * @param seconds virtual time since the run began
 * @param value mean of what was seen since the point before
 */
public record SeriesPoint(double seconds, double value) {}
