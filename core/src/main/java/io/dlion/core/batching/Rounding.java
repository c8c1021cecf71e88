package io.dlion.core.batching;

/** Turns shares into whole batches. */
final class Rounding {
  private Rounding() {}

  /**
   * Rounds by largest remainder: the results sum to {@code total}, each is at least 1, and ties go
   * to the first.
   *
   * @param shares positive or zero, summing to about {@code total}; where the costs announced are
   *     absurd and they do not, the results still do
   */
  static int[] largestRemainder(double[] shares, int total) {
    int n = shares.length;
    if (total < n) {
      throw new IllegalArgumentException(
          "a batch of " + total + " cannot be divided among " + n + " workers");
    }
    int[] result = new int[n];
    double[] remainder = new double[n];
    int left = total;
    for (int k = 0; k < n; k++) {
      result[k] = Math.clamp((long) Math.floor(shares[k]), 1, total);
      remainder[k] = shares[k] - result[k];
      left -= result[k];
    }
    for (; left > 0; left--) {
      int k = extreme(remainder, result, true);
      result[k]++;
      remainder[k]--;
    }
    for (; left < 0; left++) {
      int k = extreme(remainder, result, false);
      result[k]--;
      remainder[k]++;
    }
    return result;
  }

  /**
   * The first worker with the largest remainder, or with the smallest among those that can give a
   * sample away.
   */
  private static int extreme(double[] remainder, int[] result, boolean largest) {
    int best = -1;
    for (int k = 0; k < remainder.length; k++) {
      if (!largest && result[k] == 1) {
        continue;
      }
      if (best < 0 || (largest ? remainder[k] > remainder[best] : remainder[k] < remainder[best])) {
        best = k;
      }
    }
    return best;
  }
}
