package io.dlion.monitor.comparison;

import java.util.Arrays;

/**
 * A mean over seeds with its 95 % confidence interval: mean ± t · s / √n, where s is the standard
 * deviation with n − 1 degrees of freedom and t Student's 0.975 quantile for as many. Immutable.
 *
 * @param count n, the number of values
 * @param mean of them; NaN where there are none
 * @param halfWidth of the interval; NaN where there are fewer than two values, which say nothing of
 *     how they scatter
 */
public record Estimate(int count, double mean, double halfWidth) {
  /** Of no values. */
  public static final Estimate NONE = new Estimate(0, Double.NaN, Double.NaN);

  /** Student's t, 0.975 quantile, for 1, 2, 3 … degrees of freedom. */
  private static final double[] T = {
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281
  };

  private static final double NORMAL = 1.959964;

  /** The estimate from some values, all finite. */
  public static Estimate of(double... values) {
    int n = values.length;
    if (n == 0) {
      return NONE;
    }
    double mean = Arrays.stream(values).sum() / n;
    if (n == 1) {
      return new Estimate(1, mean, Double.NaN);
    }
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return new Estimate(n, mean, quantile(n - 1) * Math.sqrt(squares / (n - 1) / n));
  }

  /** Whether there is an interval. */
  public boolean hasInterval() {
    return !Double.isNaN(halfWidth);
  }

  /**
   * Student's 0.975 quantile. Beyond the table by the expansion of Abramowitz and Stegun, Handbook
   * of Mathematical Functions, 26.7.5, to the third order: off by less than 0.001 there.
   */
  static double quantile(int degreesOfFreedom) {
    if (degreesOfFreedom <= T.length) {
      return T[degreesOfFreedom - 1];
    }
    double x = NORMAL;
    double x3 = x * x * x;
    double x5 = x3 * x * x;
    double x7 = x5 * x * x;
    double first = (x3 + x) / 4;
    double second = (5 * x5 + 16 * x3 + 3 * x) / 96;
    double third = (3 * x7 + 19 * x5 + 17 * x3 - 15 * x) / 384;
    double n = degreesOfFreedom;
    return x + (first + (second + third / n) / n) / n;
  }
}
