package io.dlion.monitor.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How a run stands at one moment. Immutable.
 *
 * @param atNanos the moment, since the run began
 * @param samples processed by all workers
 * @param samplesPerSecond of all workers, over the last 5 s
 * @param epochs passes over the data so far
 * @param epochsWanted passes over the data that end the run
 * @param fraction the share of the run that is behind us, in [0, 1]; empty if nobody can know
 * @param remainingNanos an estimate of the time left; empty if nobody can know
 * @param accuracy mean of the workers' last accuracies; one that only serves counts in this and the
 *     next two if no other was evaluated
 * @param worstAccuracy least of the workers' last accuracies
 * @param testLoss mean of the workers' last losses on the test set
 * @param iterations of all workers together
 * @param bytesSent put on links by all workers, since this process began
 * @param workers in the order of their ids
 */
public record RunSnapshot(
    long atNanos,
    long samples,
    double samplesPerSecond,
    double epochs,
    OptionalDouble epochsWanted,
    OptionalDouble fraction,
    OptionalLong remainingNanos,
    OptionalDouble accuracy,
    OptionalDouble worstAccuracy,
    OptionalDouble testLoss,
    long iterations,
    long bytesSent,
    List<WorkerSnapshot> workers) {
  /** The worker that told last of how it serves; empty where the preset has no server. */
  public Optional<WorkerSnapshot> server() {
    return workers.stream()
        .filter(w -> w.server().isPresent())
        .max(Comparator.comparingLong(w -> w.server().orElseThrow().atNanos()));
  }

  /** Whether this process trains nothing: there is a server in it and no client. */
  public boolean onlyServes() {
    return !workers.isEmpty() && workers.stream().allMatch(WorkerSnapshot::onlyServes);
  }

  /** Whether it has not heard either how much is trained elsewhere. */
  public boolean samplesUnknown() {
    return onlyServes() && samples == 0;
  }
}
