package io.dlion.core.batching;

import io.dlion.core.Phrase;

/** Turns shares into whole batches. */
final class Rounding {
  private Rounding() {}

  /**
   * Rounds by largest remainder: the results sum to {@code total}, each is at least {@code least},
   * and ties go to the first.
   *
   * @param shares positive or zero, summing to about {@code total}; where the costs announced are
   *     absurd and they do not, the results still do
   */
  static int[] largestRemainder(double[] shares, int least, int total) {
    int n = shares.length;
    if (total < n * least) {
      throw new IllegalArgumentException(
          Phrase.of(
              "a batch of %d cannot be divided among %d workers, at least %d for each",
              total, n, least));
    }
    int[] result = new int[n];
    double[] remainder = new double[n];
    int left = total;
    for (int k = 0; k < n; k++) {
      result[k] = Math.clamp((long) Math.floor(shares[k]), least, total);
      remainder[k] = shares[k] - result[k];
      left -= result[k];
    }
    for (; left > 0; left--) {
      int k = extreme(remainder, result, least, true);
      result[k]++;
      remainder[k]--;
    }
    for (; left < 0; left++) {
      int k = extreme(remainder, result, least, false);
      result[k]--;
      remainder[k]++;
    }
    return result;
  }

  /**
   * The first worker with the largest remainder, or with the smallest among those that can give a
   * sample away.
   */
  private static int extreme(double[] remainder, int[] result, int least, boolean largest) {
    int best = -1;
    for (int k = 0; k < remainder.length; k++) {
      if (!largest && result[k] == least) {
        continue;
      }
      if (best < 0 || (largest ? remainder[k] > remainder[best] : remainder[k] < remainder[best])) {
        best = k;
      }
    }
    return best;
  }
}
