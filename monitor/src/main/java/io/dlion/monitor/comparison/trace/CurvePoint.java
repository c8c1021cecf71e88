package io.dlion.monitor.comparison.trace;

/**
 * How all workers stood at a moment of virtual time. Evaluation values are those of each worker's
 * latest evaluation.
 *
 * @param seconds since the run began
 * @param accuracy on the test set, mean over workers
 * @param worstAccuracy of any worker
 * @param loss on the test set, mean over workers; may be NaN or infinite
 * @param samples processed by all workers so far
 * @param bytesSent over all links so far
 */
public record CurvePoint(
    double seconds,
    double accuracy,
    double worstAccuracy,
    double loss,
    long samples,
    long bytesSent) {}
