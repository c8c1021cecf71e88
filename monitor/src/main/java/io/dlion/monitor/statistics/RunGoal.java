package io.dlion.monitor.statistics;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * When a run is meant to end: as soon as one of these is reached. How far it is can be told for
 * epochs and time; nobody can tell when an accuracy will be reached. Without any of them the run
 * learns until it is stopped.
 *
 * @param samplesPerEpoch training samples in the whole data set, D; 0 where a run learns from
 *     streams only, which have no epochs
 * @param epochs passes over the data
 * @param timeNanos time since the run began
 * @param accuracy mean accuracy on the test set
 */
public record RunGoal(
    long samplesPerEpoch, OptionalDouble epochs, OptionalLong timeNanos, OptionalDouble accuracy) {
  /** Checks D. */
  public RunGoal {
    if (samplesPerEpoch < 0 || (samplesPerEpoch == 0 && epochs.isPresent())) {
      throw new IllegalArgumentException("samples per epoch: " + samplesPerEpoch);
    }
  }

  /** A number of passes over D samples. */
  public static RunGoal epochs(long samplesPerEpoch, double epochs) {
    return new RunGoal(
        samplesPerEpoch, OptionalDouble.of(epochs), OptionalLong.empty(), OptionalDouble.empty());
  }

  /** A time. */
  public static RunGoal time(long samplesPerEpoch, Duration time) {
    return new RunGoal(
        samplesPerEpoch,
        OptionalDouble.empty(),
        OptionalLong.of(time.toNanos()),
        OptionalDouble.empty());
  }

  /** A mean accuracy. */
  public static RunGoal accuracy(long samplesPerEpoch, double accuracy) {
    return new RunGoal(
        samplesPerEpoch, OptionalDouble.empty(), OptionalLong.empty(), OptionalDouble.of(accuracy));
  }

  /** No end: the run learns until it is stopped. */
  public static RunGoal endless(long samplesPerEpoch) {
    return new RunGoal(
        samplesPerEpoch, OptionalDouble.empty(), OptionalLong.empty(), OptionalDouble.empty());
  }

  /** Whether nothing ends the run but who stops it. */
  public boolean isEndless() {
    return epochs.isEmpty() && timeNanos.isEmpty() && accuracy.isEmpty();
  }

  /** Passes over the data that so many samples are; NaN where there is no data set. */
  double epochsOf(long samples) {
    return samplesPerEpoch > 0 ? (double) samples / samplesPerEpoch : Double.NaN;
  }

  /** The same for one who does not know how many samples were processed. */
  RunGoal withoutEpochs() {
    return new RunGoal(samplesPerEpoch, OptionalDouble.empty(), timeNanos, accuracy);
  }

  /** The share of the way that is behind us, in [0, 1]. */
  OptionalDouble fraction(long samples, long atNanos) {
    double far = -1;
    if (epochs.isPresent()) {
      far = samples / (epochs.getAsDouble() * samplesPerEpoch);
    }
    if (timeNanos.isPresent()) {
      far = Math.max(far, (double) atNanos / timeNanos.getAsLong());
    }
    return far >= 0 ? OptionalDouble.of(Math.min(1, far)) : OptionalDouble.empty();
  }

  /**
   * An estimate of the time left, in nanoseconds.
   *
   * @param samplesPerSecond of the whole cluster of late; 0 where it is not known
   */
  OptionalLong remainingNanos(long samples, long atNanos, double samplesPerSecond) {
    long least = Long.MAX_VALUE;
    if (timeNanos.isPresent()) {
      least = Math.max(0, timeNanos.getAsLong() - atNanos);
    }
    if (epochs.isPresent()) {
      double left = Math.max(0, epochs.getAsDouble() * samplesPerEpoch - samples);
      if (left == 0) {
        least = 0;
      } else if (samplesPerSecond > 0) {
        least = Math.min(least, (long) (left / samplesPerSecond * 1e9));
      }
    }
    return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(least);
  }
}
