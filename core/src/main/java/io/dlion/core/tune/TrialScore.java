package io.dlion.core.tune;

import java.util.Comparator;
import java.util.OptionalDouble;

/**
 * What came of a trial; the better one is the lesser: sooner at the target, then more accurate,
 * diverged last.
 *
 * @param secondsToTarget virtual time at which the target was reached; empty where it was not, or
 *     where there is none
 * @param accuracy on validation data at the end, mean over workers
 * @param diverged whether weights or losses were no longer finite
 */
public record TrialScore(OptionalDouble secondsToTarget, double accuracy, boolean diverged)
    implements Comparable<TrialScore> {
  private static final Comparator<TrialScore> ORDER =
      Comparator.comparing(TrialScore::diverged)
          .thenComparingDouble(score -> score.secondsToTarget.orElse(Double.POSITIVE_INFINITY))
          .thenComparingDouble(score -> Double.isNaN(score.accuracy) ? 1 : -score.accuracy);

  @Override
  public int compareTo(TrialScore other) {
    return ORDER.compare(this, other);
  }
}
