package io.dlion.monitor.comparison.trace;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How long a model takes to recover from a drift: from the drift until the prequential accuracy
 * over the window is back within two points of what it was before. Pure.
 */
public final class Recovery {
  /** Two points of accuracy. */
  private static final double POINTS = 0.02;

  /** Sums of fractions are not exact; accuracies closer than this are the same. */
  private static final double SAME_ACCURACY = 1e-9;

  private Recovery() {}

  /** The same for a drift that no other one follows. */
  public static OptionalDouble of(List<PrequentialPoint> curve, double driftSeconds) {
    return of(curve, driftSeconds, Double.POSITIVE_INFINITY);
  }

  /**
   * Seconds from a drift to the first point of the curve that is back, after accuracy had fallen. 0
   * where it never fell by more than the tolerance. Nothing is interpolated. Empty where it was not
   * back, where no accuracy was known before the drift, and where none is known after it.
   *
   * @param curve times ascending; windows that are not finite are left out
   * @param driftSeconds when the drift was
   * @param untilSeconds when the next one is: points from there on do not count
   */
  public static OptionalDouble of(
      List<PrequentialPoint> curve, double driftSeconds, double untilSeconds) {
    double before = Double.NaN;
    boolean known = false;
    boolean fallen = false;
    for (PrequentialPoint point : curve) {
      if (!Double.isFinite(point.window()) || point.seconds() >= untilSeconds) {
        continue;
      }
      if (point.seconds() <= driftSeconds) {
        before = point.window();
        continue;
      }
      known = true;
      boolean back = point.window() >= before - POINTS - SAME_ACCURACY;
      if (fallen && back) {
        return OptionalDouble.of(point.seconds() - driftSeconds);
      }
      fallen |= !back;
    }
    boolean steady = known && !fallen && Double.isFinite(before);
    return steady ? OptionalDouble.of(0) : OptionalDouble.empty();
  }
}
