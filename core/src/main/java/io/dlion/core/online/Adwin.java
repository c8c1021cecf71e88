package io.dlion.core.online;

import java.util.ArrayList;
import java.util.List;

/**
 * Adaptive windowing, ADWIN2: a window over errors that shrinks when its older and its newer part
 * have different means (Bifet and Gavaldà, "Learning from time-changing data with adaptive
 * windowing", SDM 2007, section 4). The window is kept as an exponential histogram of {@code O(log
 * n)} buckets.
 *
 * <p>Two parts of sizes n0 and n1 differ where their means are further apart than {@code ε = √(2/m
 * · σ² · ln(2/δ')) + 2/(3m) · ln(2/δ')} with {@code 1/m = 1/n0 + 1/n1} and {@code δ' = δ / ln n}
 * (section 3.2, equation of ε_cut with the variance of the window).
 *
 * <p>Not thread safe.
 */
final class Adwin {
  private static final int BUCKETS_PER_ROW = 5;
  private static final int CHECK_EVERY = 32;
  private static final int PART_MIN = 5;
  private static final int WINDOW_MIN = 10;

  private final double delta;

  /** Rows of buckets, those of 2^i values in row i; in each row the oldest first. */
  private final List<List<Double>> rows = new ArrayList<>();

  private long size;
  private double sum;
  private long seen;
  private double before = Double.NaN;
  private double after = Double.NaN;

  /**
   * An empty window.
   *
   * @param delta confidence: the probability of a cut where nothing has changed
   */
  Adwin(double delta) {
    this.delta = delta;
    rows.add(new ArrayList<>());
  }

  /** Values in the window. */
  long size() {
    return size;
  }

  /** Mean of the window; NaN where it is empty. */
  double mean() {
    return sum / size;
  }

  /** Mean of the older part at the last cut at which errors had risen. */
  double before() {
    return before;
  }

  /** Mean of the newer part at that cut. */
  double after() {
    return after;
  }

  /**
   * Adds outcomes, of which some were errors, in an order in which errors are spread evenly.
   *
   * @return whether errors have risen
   */
  boolean add(int outcomes, int errors) {
    boolean risen = false;
    for (int i = 0; i < outcomes; i++) {
      long now = (long) (i + 1) * errors / outcomes;
      long earlier = (long) i * errors / outcomes;
      risen |= add(now > earlier);
    }
    return risen;
  }

  /**
   * Adds an outcome.
   *
   * @return whether errors have risen
   */
  boolean add(boolean error) {
    double value = error ? 1 : 0;
    rows.getFirst().add(value);
    size++;
    sum += value;
    compress();
    seen++;
    return seen % CHECK_EVERY == 0 && size > WINDOW_MIN && shrink();
  }

  private void compress() {
    for (int i = 0; i < rows.size() && rows.get(i).size() > BUCKETS_PER_ROW; i++) {
      if (i + 1 == rows.size()) {
        rows.add(new ArrayList<>());
      }
      List<Double> row = rows.get(i);
      rows.get(i + 1).add(row.removeFirst() + row.removeFirst());
    }
  }

  /** Drops the oldest bucket as long as some cut tells two parts apart. */
  private boolean shrink() {
    boolean risen = false;
    while (size > WINDOW_MIN) {
      double change = change();
      if (change == 0) {
        return risen;
      }
      risen |= change > 0;
      dropOldest();
    }
    return risen;
  }

  /** The difference of the means at the first cut that tells two parts apart; 0 if none does. */
  private double change() {
    long olderSize = 0;
    double olderSum = 0;
    for (int i = rows.size() - 1; i >= 0; i--) {
      for (double bucket : rows.get(i)) {
        olderSize += 1L << i;
        olderSum += bucket;
        long newerSize = size - olderSize;
        if (newerSize < PART_MIN) {
          return 0;
        }
        double older = olderSum / olderSize;
        double newer = (sum - olderSum) / newerSize;
        if (olderSize >= PART_MIN && Math.abs(newer - older) > bound(olderSize, newerSize)) {
          if (newer > older) {
            before = older;
            after = newer;
          }
          return newer - older;
        }
      }
    }
    return 0;
  }

  private double bound(long n0, long n1) {
    double m = 1 / (1.0 / n0 + 1.0 / n1);
    double mean = sum / size;
    double log = Math.log(2 * Math.log((double) size) / delta);
    return Math.sqrt(2 / m * mean * (1 - mean) * log) + 2 / (3 * m) * log;
  }

  private void dropOldest() {
    int last = rows.size() - 1;
    sum -= rows.get(last).removeFirst();
    size -= 1L << last;
    while (rows.size() > 1 && rows.getLast().isEmpty()) {
      rows.removeLast();
    }
  }
}
