package io.dlion.monitor.comparison;

import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers of a comparison as people read them; what is not known is {@value #UNKNOWN}. */
public final class Figures {
  /** What stands where there is no figure. */
  public static final String UNKNOWN = "-";

  private Figures() {}

  /** Seconds with one decimal below 100: {@code 38.2}, {@code 384}. */
  public static String seconds(double seconds) {
    return Double.isFinite(seconds) ? decimals(seconds, secondsDecimals(seconds)) : UNKNOWN;
  }

  /** {@code 384 ± 12}; the mean alone where there is no interval. */
  public static String seconds(Estimate seconds) {
    return estimate(seconds, 1, secondsDecimals(seconds.mean()));
  }

  private static int secondsDecimals(double seconds) {
    return seconds < 99.95 && seconds != Math.rint(seconds) ? 1 : 0;
  }

  /** A share in percent without the sign: {@code 86.1 ± 0.4}. */
  public static String percent(Estimate share) {
    return estimate(share, 100, 1);
  }

  /** A share in percent without the sign: {@code 86.1}. */
  public static String percent(double share) {
    return Double.isFinite(share) ? decimals(100 * share, 1) : UNKNOWN;
  }

  /** A share in whole percent without the sign. */
  public static String wholePercent(OptionalDouble share) {
    return share.isPresent() ? decimals(100 * share.getAsDouble(), 0) : UNKNOWN;
  }

  /** {@code 1.21×}. */
  public static String times(OptionalDouble ratio) {
    return ratio.isPresent() ? decimals(ratio.getAsDouble(), 2) + "×" : UNKNOWN;
  }

  /** With as many decimals. */
  public static String decimals(double value, int decimals) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, "%." + decimals + "f", value)
        : UNKNOWN;
  }

  private static String estimate(Estimate e, double factor, int decimals) {
    if (e.count() == 0) {
      return UNKNOWN;
    }
    String mean = decimals(factor * e.mean(), decimals);
    return e.hasInterval() ? mean + " ± " + decimals(factor * e.halfWidth(), decimals) : mean;
  }
}
