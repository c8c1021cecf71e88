package io.dlion.monitor.comparison.trace;

/**
 * How the streams of all workers stood at a moment of virtual time.
 *
 * @param seconds since the run began
 * @param window prequential accuracy of the cluster over the last records; NaN before the first
 * @param overall the same over all records
 * @param learned records that all workers have learned from so far
 * @param freshnessP50 seconds from a record's arrival until every model has learned from it, median
 * @param freshnessP99 99th percentile, of the worker where it is greatest
 */
public record PrequentialPoint(
    double seconds,
    double window,
    double overall,
    long learned,
    double freshnessP50,
    double freshnessP99) {}
