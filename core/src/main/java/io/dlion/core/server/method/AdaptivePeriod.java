package io.dlion.core.server.method;

import java.util.ArrayList;
import java.util.List;

/**
 * How many local steps τ come before all commit together (ADACOMM, Wang &amp; Joshi, MLSys '19,
 * section 4).
 *
 * <p>Trials first: each candidate is tried for the same time from the same weights, and τ_0 is the
 * one with the least loss at the end, so the one whose loss fell most. Then, at the end of each
 * adaptation period with loss ℓ_j,
 *
 * <pre>  τ ← ⌈√(ℓ_j/ℓ_0)·τ_0⌉ if that is less than τ, else ⌈τ/2⌉.</pre>
 *
 * <p>A loss that is not finite is the worst: its trial is not chosen, and after such a period τ is
 * halved, since replicas that drift apart less are more stable. Immutable.
 *
 * @param candidates the values of τ to try, in order
 * @param trialLosses losses at the ends of the trials so far; +∞ for the worst
 * @param startLoss ℓ_0, the loss at the weights from which trials begin; NaN if it is not known yet
 * @param startTau τ_0; 0 as long as trials go on
 * @param tau τ, what to train with now, local steps
 */
public record AdaptivePeriod(
    List<Integer> candidates, List<Double> trialLosses, double startLoss, int startTau, int tau) {
  /** The values that the authors tried. */
  public static final List<Integer> CANDIDATES = List.of(1, 5, 10, 20, 40, 60, 80, 100);

  /** Copies the lists and checks the bounds. */
  public AdaptivePeriod {
    candidates = List.copyOf(candidates);
    trialLosses = List.copyOf(trialLosses);
    if (candidates.isEmpty()
        || candidates.stream().anyMatch(candidate -> candidate < 1)
        || tau < 1
        || (startTau == 0) != (trialLosses.size() < candidates.size())) {
      throw new IllegalArgumentException(
          "adaptive period: candidates " + candidates + ", losses " + trialLosses + ", τ " + tau);
    }
  }

  /**
   * Before the first trial, with the authors' candidates.
   *
   * @param startLoss ℓ_0, the loss at the weights that every trial begins from. If it is not
   *     finite, the first finite loss of an adaptation period takes its place, and τ stays in that
   *     period.
   */
  public static AdaptivePeriod begin(double startLoss) {
    return begin(CANDIDATES, startLoss);
  }

  /** The same with other candidates: at least one, each at least 1. */
  public static AdaptivePeriod begin(List<Integer> candidates, double startLoss) {
    double known = Double.isFinite(startLoss) ? startLoss : Double.NaN;
    return new AdaptivePeriod(candidates, List.of(), known, 0, candidates.getFirst());
  }

  /** Whether {@link #tau} is being tried. */
  public boolean inTrial() {
    return startTau == 0;
  }

  /**
   * The trial of {@link #tau} ended with a loss. After the last one τ_0 is chosen: the earlier of
   * equal candidates, and 1 if all were bad.
   *
   * @throws IllegalStateException if trials are over
   */
  public AdaptivePeriod trialEnded(double loss) {
    if (!inTrial()) {
      throw new IllegalStateException("the trials are over, τ is " + tau);
    }
    List<Double> losses = new ArrayList<>(trialLosses);
    losses.add(Double.isFinite(loss) ? loss : Double.POSITIVE_INFINITY);
    if (losses.size() < candidates.size()) {
      return new AdaptivePeriod(candidates, losses, startLoss, 0, candidates.get(losses.size()));
    }
    int best = best(losses);
    return new AdaptivePeriod(candidates, losses, startLoss, best, best);
  }

  /** Leaves out the trial of {@link #tau}, as the worst: one round takes longer than a trial. */
  public AdaptivePeriod skip() {
    return trialEnded(Double.POSITIVE_INFINITY);
  }

  private int best(List<Double> losses) {
    int best = 1;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < losses.size(); i++) {
      if (losses.get(i) < least) {
        least = losses.get(i);
        best = candidates.get(i);
      }
    }
    return best;
  }

  /**
   * An adaptation period ended with loss ℓ_j.
   *
   * @throws IllegalStateException if trials go on
   */
  public AdaptivePeriod periodEnded(double loss) {
    if (inTrial()) {
      throw new IllegalStateException("τ = " + tau + " is still being tried");
    }
    if (Double.isNaN(startLoss) && Double.isFinite(loss)) {
      return new AdaptivePeriod(candidates, trialLosses, loss, startTau, tau);
    }
    double known = Double.isFinite(loss) ? Math.max(0, loss) : Double.NaN;
    double next = Math.ceil(Math.sqrt(known / startLoss) * startTau); // NaN is not less than τ
    int adapted = next < tau ? Math.max(1, (int) next) : (tau + 1) / 2;
    return new AdaptivePeriod(candidates, trialLosses, startLoss, startTau, adapted);
  }
}
