package io.dlion.data.partition;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;

/** How many examples each worker gets: by shares, rounded so that all are given out. */
final class Quotas {
  private Quotas() {}

  /**
   * Divides {@code count} by shares with the method of largest remainders (ties go to the earlier
   * one), then takes from the largest until everybody has at least one.
   */
  static int[] atLeastOne(int count, double[] shares) {
    if (count < shares.length) {
      throw new UserError(
          Phrase.of(
              "%,d workers, but only %,d training examples to divide: expected at least one for each; use fewer workers or more data",
              shares.length, count));
    }
    for (int i = 0; i < shares.length; i++) {
      if (!(shares[i] > 0) || Double.isInfinite(shares[i])) {
        throw new UserError(
            Phrase.of(
                "share of data of worker number %d: expected a positive number, found %s",
                i + 1, shares[i]));
      }
    }
    int[] quotas = of(count, shares);
    for (int i = 0; i < quotas.length; i++) {
      if (quotas[i] == 0) {
        quotas[largest(quotas)]--;
        quotas[i] = 1;
      }
    }
    return quotas;
  }

  /** Divides {@code count} by shares; a part may be zero. */
  static int[] of(int count, double[] shares) {
    double most = 0;
    for (double share : shares) {
      most = Math.max(most, share);
    }
    double sum = 0;
    for (double share : shares) {
      sum += share / most;
    }
    int[] quotas = new int[shares.length];
    double[] remainders = new double[shares.length];
    int left = count;
    for (int i = 0; i < shares.length; i++) {
      double exact = count * (shares[i] / most / sum);
      quotas[i] = Math.min(left, (int) exact);
      remainders[i] = exact - quotas[i];
      left -= quotas[i];
    }
    for (; left > 0; left--) {
      int next = largest(remainders);
      quotas[next]++;
      remainders[next] -= 1;
    }
    return quotas;
  }

  private static int largest(int[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static int largest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
