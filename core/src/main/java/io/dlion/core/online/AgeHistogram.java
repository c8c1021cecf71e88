package io.dlion.core.online;

import io.dlion.core.report.StreamFigures.Freshness;

/**
 * Quantiles of ages, over about the last {@value #KEPT} records: when there are more, all count
 * half. Buckets grow by a factor of 2^(1/8), so a quantile is right to within 9 %. Not thread safe.
 */
final class AgeHistogram {
  private static final int KEPT = 50_000;
  private static final double LEAST_SECONDS = 1e-4;
  private static final int PER_OCTAVE = 8;
  private static final int BUCKETS = 40 * PER_OCTAVE;

  private final double[] counts = new double[BUCKETS];
  private double total;
  private long records;

  void add(double seconds) {
    double octaves = Math.log(Math.max(LEAST_SECONDS, seconds) / LEAST_SECONDS) / Math.log(2);
    counts[Math.min(BUCKETS - 1, (int) (octaves * PER_OCTAVE))]++;
    total++;
    records++;
    if (total >= 2 * KEPT) {
      total = 0;
      for (int i = 0; i < BUCKETS; i++) {
        counts[i] /= 2;
        total += counts[i];
      }
    }
  }

  Freshness read() {
    return total == 0 ? Freshness.NONE : new Freshness(records, quantile(0.5), quantile(0.99));
  }

  /** The upper edge of the bucket in which the quantile lies, in seconds. */
  private double quantile(double q) {
    double below = 0;
    for (int i = 0; i < BUCKETS; i++) {
      below += counts[i];
      if (below >= q * total) {
        return LEAST_SECONDS * Math.pow(2, (i + 1.0) / PER_OCTAVE);
      }
    }
    return LEAST_SECONDS * Math.pow(2, (double) BUCKETS / PER_OCTAVE);
  }
}
