package io.dlion.core.learn;

/**
 * How well a model predicted examples before it learned from them.
 *
 * @param examples how many
 * @param loss mean loss over them; NaN for none
 * @param accuracy share predicted right; NaN for none, and for regressions
 * @param targets sum of the target values; regressions only, else 0
 * @param squares sum of their squares; regressions only, else 0
 */
public record Score(int examples, double loss, double accuracy, double targets, double squares) {
  /** Of no example. */
  public static final Score NONE = new Score(0, Double.NaN, Double.NaN, 0, 0);

  /** Of examples that have classes. */
  public static Score of(int examples, double loss, double accuracy) {
    return new Score(examples, loss, accuracy, 0, 0);
  }

  /** The same with the moments of the targets. */
  public Score withTargets(double sum, double sumOfSquares) {
    return new Score(examples, loss, accuracy, sum, sumOfSquares);
  }
}
