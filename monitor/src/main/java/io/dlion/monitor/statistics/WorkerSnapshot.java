package io.dlion.monitor.statistics;

import io.dlion.core.WorkerId;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How a worker stands. Immutable.
 *
 * @param worker who
 * @param iterations ended so far (the latest number plus 1)
 * @param batchSize of the latest iteration, in samples
 * @param globalBatchSize of the latest iteration, in samples
 * @param loss training loss, smoothed; NaN before the first iteration and while it is not finite
 * @param samples processed so far
 * @param samplesPerSecond over the last 5 s
 * @param staleness iterations by which the slowest live peer's last gradient is behind
 * @param accuracy on the test set, where evaluated
 * @param testLoss on the test set, where evaluated
 * @param bytesSent to all peers, since this process began
 * @param links in the order of the peers' ids
 */
public record WorkerSnapshot(
    WorkerId worker,
    long iterations,
    int batchSize,
    int globalBatchSize,
    double loss,
    long samples,
    double samplesPerSecond,
    long staleness,
    OptionalDouble accuracy,
    OptionalDouble testLoss,
    long bytesSent,
    List<LinkSnapshot> links) {}
