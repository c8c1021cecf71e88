package io.dlion.core.server.method;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a training loss falls with time: {@code loss = 1/(a1²·t + a2) + a3} (ADSP, Hu et al., AAAI
 * '20; the rate O(1/t) of SGD, as in Peng et al., EuroSys '18).
 *
 * <p>Time t counts from the first of the points that the curve was fitted to.
 *
 * @param a1Squared how fast the inverse of the loss above a3 grows, per second, more than 0
 * @param a2 that inverse at t = 0, more than 0
 * @param a3 the loss that the curve approaches, at least 0
 */
public record LossCurve(double a1Squared, double a2, double a3) {
  /** Points that determine three parameters. */
  public static final int POINTS_MIN = 3;

  /** Checks the bounds. */
  public LossCurve {
    if (!(a1Squared > 0 && a2 > 0 && a3 >= 0)
        || !Double.isFinite(a1Squared)
        || !Double.isFinite(a2)
        || !Double.isFinite(a3)) {
      throw new IllegalArgumentException(
          "loss curve: a1² " + a1Squared + ", a2 " + a2 + ", a3 " + a3);
    }
  }

  /**
   * Fits a curve by least squares within {@code 0 ≤ a3 < least loss}, so that it can reach every
   * loss that was seen. With more points than parameters, outliers weigh less (Huber '64).
   *
   * <p>Points without a finite time and loss are left out.
   *
   * @param seconds the points' times, in any order
   * @param losses the points' losses, as many
   * @return empty if points of fewer than {@value #POINTS_MIN} different times are left, no loss is
   *     above 0, or the best curve does not fall
   */
  public static Optional<LossCurve> fit(double[] seconds, double[] losses) {
    return LossPoints.finite(seconds, losses).flatMap(CurveFit::of);
  }

  /** The loss expected {@code seconds} after the first point, at least 0. */
  public double loss(double seconds) {
    return 1 / (a1Squared * seconds + a2) + a3;
  }

  /** Whether the curve ever falls to a loss. */
  public boolean reaches(double targetLoss) {
    return targetLoss > a3;
  }

  /**
   * The inverse of the time from the first point until the curve reaches a target loss ℓ: {@code
   * a1² / (1/(ℓ − a3) − a2)}.
   *
   * @return per second; infinite if the curve begins at the target or below, empty if it never
   *     reaches it
   */
  public OptionalDouble reward(double targetLoss) {
    if (!reaches(targetLoss)) {
      return OptionalDouble.empty();
    }
    double left = targetLoss < loss(0) ? Math.max(0, 1 / (targetLoss - a3) - a2) : 0;
    return OptionalDouble.of(a1Squared / left);
  }
}
