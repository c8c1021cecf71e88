package io.dlion.monitor.statistics;

import io.dlion.core.WorkerId;
import java.util.List;
import java.util.Optional;
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
 * @param waitShare share of its time that it waited for others, see {@link WaitShare}; NaN before
 *     the first iteration
 * @param client how its commits stand, once one has left
 * @param server how it serves, if it does
 * @param stream how its stream stands, if it learns from one
 * @param bytesSent to all peers and in commits, since this process began
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
    double waitShare,
    Optional<ClientSnapshot> client,
    Optional<ServerSnapshot> server,
    Optional<StreamSnapshot> stream,
    long bytesSent,
    List<LinkSnapshot> links) {
  /** Whether it serves and has trained nothing: means over workers leave it out. */
  public boolean onlyServes() {
    return server.isPresent() && iterations == 0;
  }
}
