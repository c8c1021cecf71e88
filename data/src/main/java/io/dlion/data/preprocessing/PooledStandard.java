package io.dlion.data.preprocessing;

/**
 * Mean and deviation of values that lie at several places, made of those at each. A place where all
 * values are the same counts with a deviation of 1, which is what {@link Standard} says of it.
 */
final class PooledStandard {
  private double count;
  private double mean;
  private double squares;

  void add(long examples, Standard standard) {
    add(examples, standard.mean(), standard.deviation() * standard.deviation());
  }

  /**
   * Adds a column that is 1 for one word and 0 for all others.
   *
   * @param share of the rows with the word
   */
  void addWord(long examples, double share) {
    add(examples, share, share * (1 - share));
  }

  /** The parallel algorithm of Chan, Golub and LeVeque. */
  private void add(long examples, double otherMean, double variance) {
    double others = Math.max(1, examples);
    double all = count + others;
    double apart = otherMean - mean;
    mean += apart * others / all;
    squares += variance * others + apart * apart * count * others / all;
    count = all;
  }

  Standard standard() {
    return Standard.of(mean, Math.sqrt(squares / count));
  }
}
