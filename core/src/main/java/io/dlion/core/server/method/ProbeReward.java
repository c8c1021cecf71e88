package io.dlion.core.server.method;

import io.dlion.core.Phrase;
import java.util.Optional;

/**
 * How well training went while a commit rate was probed (ADSP, Hu et al., AAAI '20).
 *
 * <p>The reward is the inverse of the time in which the fitted {@link LossCurve} reaches the target
 * loss. Where there is no such time, it falls back to the decrease of the loss in a second. The two
 * are of different units, so both are kept: see {@link #compare}.
 *
 * @param value the reward: per second, or loss per second if {@code fallsBack}
 * @param decreasePerSecond by how much the loss fell in a second, from the median of the first
 *     quarter of the points to that of the last; −∞ if the loss is not finite at the end
 * @param fallsBack whether {@code value} is the decrease
 * @param reason why it falls back, for the user; empty if it does not
 */
public record ProbeReward(
    double value, double decreasePerSecond, boolean fallsBack, String reason) {
  private static final String BELOW = "below what the curve can reach";

  /**
   * The reward of one probe.
   *
   * @param seconds when losses were measured; in any order
   * @param losses losses of the global model, as many; those not finite are left out, but the
   *     latest must be finite, since what diverges is worse than everything else
   * @param targetLoss the loss to reach, ℓ
   */
  public static ProbeReward of(double[] seconds, double[] losses, double targetLoss) {
    Optional<LossPoints> points = LossPoints.finite(seconds, losses);
    if (divergesAtTheEnd(seconds, losses)) {
      return fallback(Double.NEGATIVE_INFINITY, "the loss is not finite at the probe's end");
    }
    if (points.isEmpty()) {
      return fallback(
          Double.NEGATIVE_INFINITY, "losses of fewer than two different times were measured");
    }
    double decrease = points.get().decreasePerSecond();
    Optional<LossCurve> curve = LossCurve.fit(seconds, losses);
    if (curve.isEmpty()) {
      return fallback(decrease, "no falling curve fits the probe's losses");
    }
    double reward = curve.get().reward(targetLoss).orElse(0);
    if (reward == 0) {
      return fallback(
          decrease,
          Phrase.of(
              "the target loss of %.4g is " + BELOW + ", %.4g", targetLoss, curve.get().a3()));
    }
    if (Double.isInfinite(reward)) {
      return fallback(
          decrease, Phrase.of("the target loss of %.4g was reached already", targetLoss));
    }
    return new ProbeReward(reward, decrease, false, "");
  }

  private static ProbeReward fallback(double decreasePerSecond, String reason) {
    return new ProbeReward(decreasePerSecond, decreasePerSecond, true, reason);
  }

  private static boolean divergesAtTheEnd(double[] seconds, double[] losses) {
    int latest = -1;
    for (int i = 0; i < seconds.length; i++) {
      if (Double.isFinite(seconds[i]) && (latest < 0 || seconds[i] >= seconds[latest])) {
        latest = i;
      }
    }
    return latest >= 0 && !Double.isFinite(losses[latest]);
  }

  /** Whether it falls back because the fitted curve never comes down to the target loss. */
  public boolean isOutOfReach() {
    return reason.contains(BELOW);
  }

  /**
   * Compares two probes of one search on one scale: by reward, or by decrease if either falls back.
   * Positive if {@code a} did better. It orders pairs only: among three, of which one falls back,
   * each may do better than the next.
   */
  public static int compare(ProbeReward a, ProbeReward b) {
    return a.fallsBack || b.fallsBack
        ? Double.compare(a.decreasePerSecond, b.decreasePerSecond)
        : Double.compare(a.value, b.value);
  }
}
