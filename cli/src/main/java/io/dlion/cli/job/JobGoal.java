package io.dlion.cli.job;

import java.time.Duration;
import java.util.Optional;

/**
 * When training ends: whichever of the goals comes first. At least one of the first three is set,
 * for patience only ever shortens a run; but not where a run learns from a stream, which may go on
 * until it is stopped.
 *
 * @param epochs passes over the training data, more than 0
 * @param time wall-clock time, more than 0, in whole seconds
 * @param targetAccuracy accuracy on the test set, in (0, 1]
 * @param patience evaluations in a row without a better result, at least 1
 */
public record JobGoal(
    Optional<Double> epochs,
    Optional<Duration> time,
    Optional<Double> targetAccuracy,
    Optional<Integer> patience) {
  /** Training for so many epochs. */
  public static JobGoal epochs(double epochs) {
    return new JobGoal(Optional.of(epochs), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
