package io.dlion.monitor.statistics;

import io.dlion.core.report.StreamFigures;
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
 * @param endless whether nothing ends the run but who stops it
 * @param epochs passes over the data so far; NaN where there is no data set
 * @param epochsWanted passes over the data that end the run
 * @param fraction the share of the run that is behind us, in [0, 1]; empty if nobody can know
 * @param remainingNanos an estimate of the time left; empty if nobody can know
 * @param accuracy mean of the workers' last accuracies; one that only serves counts in this and the
 *     next two if no other was evaluated
 * @param worstAccuracy least of the workers' last accuracies
 * @param testLoss mean of the workers' last losses on the test set
 * @param iterations of all workers together
 * @param bytesSent put on links by all workers, since this process began
 * @param drifts that were found in streams
 * @param workers in the order of their ids
 */
public record RunSnapshot(
    long atNanos,
    long samples,
    double samplesPerSecond,
    boolean endless,
    double epochs,
    OptionalDouble epochsWanted,
    OptionalDouble fraction,
    OptionalLong remainingNanos,
    OptionalDouble accuracy,
    OptionalDouble worstAccuracy,
    OptionalDouble testLoss,
    long iterations,
    long bytesSent,
    Drifts drifts,
    List<WorkerSnapshot> workers) {
  /** The worker that told last of how it serves; empty where the preset has no server. */
  public Optional<WorkerSnapshot> server() {
    return workers.stream()
        .filter(w -> w.server().isPresent())
        .max(Comparator.comparingLong(w -> w.server().orElseThrow().atNanos()));
  }

  /** How the streams of this process's workers stand together; empty where there are none. */
  public Optional<StreamSnapshot> stream() {
    List<StreamSnapshot> all = workers.stream().flatMap(w -> w.stream().stream()).toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    StreamFigures sum = StreamTotals.of(all.stream().map(StreamSnapshot::figures).toList());
    return Optional.of(
        new StreamSnapshot(sum, all.stream().mapToDouble(StreamSnapshot::learnedPerSecond).sum()));
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
