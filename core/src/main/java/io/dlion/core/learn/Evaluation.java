package io.dlion.core.learn;

/**
 * How well a model does on a set of examples.
 *
 * @param examples how many were seen
 * @param loss mean loss over them
 * @param accuracy classification and next symbol: the share predicted right, in {@code [0, 1]};
 *     regression: R², the share of the targets' variance explained (1 is perfect, 0 no better than
 *     their mean, negative worse)
 */
public record Evaluation(long examples, double loss, double accuracy) {
  /**
   * Whether the accuracy is higher, or the same with a lower loss; any number is better than NaN.
   */
  public boolean isBetterThan(Evaluation other) {
    return accuracy > other.accuracy
        || (accuracy == other.accuracy && loss < other.loss)
        || (!Double.isNaN(accuracy) && Double.isNaN(other.accuracy));
  }
}
