package io.dlion.cluster.worker;

import java.time.Duration;

/**
 * Makes a worker behave like a slower machine: it rests after each gradient, and counts the rest.
 *
 * @param factor how many times longer a gradient is to take, at least 1
 * @param perStep how much longer it is to take besides
 */
public record Handicap(double factor, Duration perStep) {
  /** As fast as it is. */
  public static final Handicap NONE = times(1);

  /** That many times slower, whatever the batch. */
  public static Handicap times(double factor) {
    return new Handicap(factor, Duration.ZERO);
  }

  /** The rest after a gradient that took so long. */
  long restNanos(long computedNanos) {
    return (long) (computedNanos * (factor - 1)) + perStep.toNanos();
  }
}
