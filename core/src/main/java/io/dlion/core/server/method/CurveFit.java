package io.dlion.core.server.method;

import java.util.Arrays;
import java.util.Optional;

/**
 * Least squares for {@link LossCurve}. Confined to one call.
 *
 * <p>Points are scaled to times t in [0, 1] and losses z in [0, 1] above the least one, so the
 * curve is {@code z = 1/(p·t + q) − d} and d, the gap below the least loss, is more than 0 and at
 * most what brings a3 to 0. For a given gap the two others are found by Levenberg-Marquardt, which
 * begins at the solution of the linear problem {@code (z + d)·(p·t + q) = 1}. The gap itself is
 * found on a logarithmic grid and then by golden-section search, so no start has to be guessed and
 * no local minimum of three parameters can hold the search. Outliers are handled by iteratively
 * reweighted least squares with Huber's weights and the median of the absolute residuals as scale.
 */
final class CurveFit {
  /** Gaps tried, as shares of the range of losses; the largest is almost a straight line. */
  private static final double GAP_MIN = 1e-9;

  private static final double GAP_MAX = 1e6;
  private static final int GRID = 41;
  private static final int GOLDEN_STEPS = 60;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private static final int LINEAR_STEPS = 3;
  private static final int DAMPED_STEPS = 50;

  /** The curve begins at most so many times the range above a3; keeps q away from 0. */
  private static final double BEGIN_MAX = 1000;

  /** With fewer points than twice the parameters, residuals do not tell an outlier. */
  private static final int ROBUST_POINTS_MIN = 6;

  private static final int ROBUST_ROUNDS = 20;

  /** Huber's k, with 95 % of the efficiency of plain least squares on normal noise. */
  private static final double HUBER = 1.345;

  /** From the median of absolute residuals to the standard deviation of normal noise. */
  private static final double MEDIAN_TO_DEVIATION = 1.4826;

  /** Noise below this share of the range is rounding. */
  private static final double NOISE_MIN = 1e-9;

  private final double[] t;
  private final double[] z;
  private final double[] weight;

  private CurveFit(LossPoints points, double least, double range) {
    t = new double[points.size()];
    z = new double[points.size()];
    for (int i = 0; i < t.length; i++) {
      t[i] = (points.seconds()[i] - points.seconds()[0]) / points.duration();
      z[i] = (points.losses()[i] - least) / range;
    }
    weight = new double[t.length];
    Arrays.fill(weight, 1);
  }

  /** A scaled curve and the sum of its squared residuals, weighted. */
  private record Trial(double p, double q, double gap, double cost) {}

  static Optional<LossCurve> of(LossPoints points) {
    double least = Arrays.stream(points.losses()).min().orElseThrow();
    double most = Arrays.stream(points.losses()).max().orElseThrow();
    double range = most - least;
    if (points.moments() < LossCurve.POINTS_MIN
        || !(most > 0)
        || !(range > 0)
        || !Double.isFinite(range)) {
      return Optional.empty();
    }
    Trial best = new CurveFit(points, least, range).robust(Math.max(0, least) / range);
    double a1Squared = best.p / range / points.duration();
    double a2 = best.q / range;
    double a3 = Math.max(0, Math.min(least - best.gap * range, Math.nextDown(least)));
    return a1Squared > 0 && Double.isFinite(a1Squared) && a2 > 0 && Double.isFinite(a2)
        ? Optional.of(new LossCurve(a1Squared, a2, a3))
        : Optional.empty();
  }

  /** The best curve by reweighting. */
  private Trial robust(double gapMax) {
    Trial best = search(gapMax);
    for (int round = 0; round < ROBUST_ROUNDS && t.length >= ROBUST_POINTS_MIN; round++) {
      if (!reweigh(best)) {
        break;
      }
      best = search(gapMax);
    }
    return best;
  }

  /** Huber's weights for the residuals of a curve; false if they are almost what they were. */
  private boolean reweigh(Trial curve) {
    double[] residuals = new double[t.length];
    for (int i = 0; i < t.length; i++) {
      residuals[i] = Math.abs(residual(i, curve.p, curve.q, curve.gap));
    }
    double deviation = MEDIAN_TO_DEVIATION * LossPoints.median(residuals.clone());
    double bound = HUBER * Math.max(deviation, NOISE_MIN);
    double change = 0;
    for (int i = 0; i < t.length; i++) {
      double next = residuals[i] <= bound ? 1 : bound / residuals[i];
      change = Math.max(change, Math.abs(next - weight[i]));
      weight[i] = next;
    }
    return change > 1e-3;
  }

  /** The best curve for the present weights. */
  private Trial search(double gapMax) {
    if (gapMax == 0) {
      return solve(0);
    }
    double high = Math.log(Math.min(gapMax, GAP_MAX));
    double low = Math.min(high, Math.log(GAP_MIN));
    double step = (high - low) / (GRID - 1);
    Trial best = solve(Math.exp(high));
    int at = GRID - 1;
    for (int i = 0; i < GRID - 1; i++) {
      Trial trial = solve(Math.exp(low + i * step));
      if (trial.cost < best.cost) {
        best = trial;
        at = i;
      }
    }
    Trial refined =
        golden(low + Math.max(0, at - 1) * step, low + Math.min(GRID - 1, at + 1) * step);
    return refined.cost < best.cost ? refined : best;
  }

  /** Golden-section search over the logarithm of the gap. */
  private Trial golden(double from, double to) {
    double low = from;
    double high = to;
    Trial left = solve(Math.exp(high - GOLDEN * (high - low)));
    Trial right = solve(Math.exp(low + GOLDEN * (high - low)));
    for (int i = 0; i < GOLDEN_STEPS; i++) {
      if (left.cost <= right.cost) {
        high = Math.log(right.gap);
        right = left;
        left = solve(Math.exp(high - GOLDEN * (high - low)));
      } else {
        low = Math.log(left.gap);
        left = right;
        right = solve(Math.exp(low + GOLDEN * (high - low)));
      }
    }
    return left.cost <= right.cost ? left : right;
  }

  /** The best p and q for a gap: Levenberg-Marquardt within p ≥ 0, q > 0. */
  private Trial solve(double gap) {
    Trial best = linear(gap);
    double damping = 1e-4;
    for (int i = 0; i < DAMPED_STEPS && damping < 1e8; i++) {
      Trial next = step(best, damping);
      if (next.cost < best.cost) {
        boolean settled = best.cost - next.cost <= 1e-14 * best.cost;
        best = next;
        damping = Math.max(damping / 10, 1e-12);
        if (settled) {
          break;
        }
      } else {
        damping *= 10;
      }
    }
    return best;
  }

  /**
   * The curve of {@code (z + d)·(p·t + q) = 1} by linear least squares. Such an equation's error is
   * the residual multiplied by p·t + q, which the weights take back, better with each step.
   */
  private Trial linear(double gap) {
    Trial best = flat(gap);
    double p = 0;
    double q = 0;
    for (int step = 0; step < LINEAR_STEPS; step++) {
      double pp = 0;
      double pq = 0;
      double qq = 0;
      double gp = 0;
      double gq = 0;
      for (int i = 0; i < t.length; i++) {
        double above = z[i] + gap;
        double scale = step == 0 ? above : 1 / (p * t[i] + q);
        double w = weight[i] * scale * scale * above;
        pp += w * above * t[i] * t[i];
        pq += w * above * t[i];
        qq += w * above;
        gp += w * t[i];
        gq += w;
      }
      double determinant = pp * qq - pq * pq;
      p = (gp * qq - gq * pq) / determinant;
      q = (gq * pp - gp * pq) / determinant;
      if (!(p > 0) || !(q >= beginMin(gap))) {
        break;
      }
      Trial trial = trial(p, q, gap);
      best = trial.cost < best.cost ? trial : best;
    }
    return best;
  }

  /** One damped step from a curve; what would rise becomes flat. */
  private Trial step(Trial from, double damping) {
    double pp = 0;
    double pq = 0;
    double qq = 0;
    double gp = 0;
    double gq = 0;
    for (int i = 0; i < t.length; i++) {
      double value = 1 / (from.p * t[i] + from.q);
      double slope = value * value;
      double residual = residual(i, from.p, from.q, from.gap);
      pp += weight[i] * slope * slope * t[i] * t[i];
      pq += weight[i] * slope * slope * t[i];
      qq += weight[i] * slope * slope;
      gp -= weight[i] * slope * t[i] * residual;
      gq -= weight[i] * slope * residual;
    }
    double pDamped = pp * (1 + damping);
    double qDamped = qq * (1 + damping);
    double determinant = pDamped * qDamped - pq * pq;
    double p = from.p + (gp * qDamped - gq * pq) / determinant;
    double q = from.q + (gq * pDamped - gp * pq) / determinant;
    return p > 0 ? trial(p, Math.max(q, beginMin(from.gap)), from.gap) : flat(from.gap);
  }

  private static double beginMin(double gap) {
    return 1 / (BEGIN_MAX * (1 + gap));
  }

  /** The curve that stays where it is. */
  private Trial flat(double gap) {
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < t.length; i++) {
      sum += weight[i] * (z[i] + gap);
      weights += weight[i];
    }
    return trial(0, weights / sum, gap);
  }

  private Trial trial(double p, double q, double gap) {
    double cost = 0;
    for (int i = 0; i < t.length; i++) {
      double residual = residual(i, p, q, gap);
      cost += weight[i] * residual * residual;
    }
    return new Trial(p, q, gap, cost);
  }

  /** How far a point lies above a curve, in ranges of the losses. */
  private double residual(int i, double p, double q, double gap) {
    return z[i] - (1 / (p * t[i] + q) - gap);
  }
}
