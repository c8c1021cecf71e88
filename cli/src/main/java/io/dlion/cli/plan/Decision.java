package io.dlion.cli.plan;

import io.dlion.core.Phrase;
import io.dlion.monitor.comparison.ComparisonSummary;
import io.dlion.monitor.comparison.Estimate;
import io.dlion.monitor.comparison.Figures;
import io.dlion.monitor.comparison.PresetSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which method is recommended. The best is the first at the target, or where none always gets
 * there, the one that does most often, then the most accurate. But a method that needs no tuning is
 * preferred: the best of those that are as they are is taken, unless the tuned one is better by
 * more than the 95 % interval of the difference, which is taken seed by seed, and by more than
 * evaluations can tell. Pure.
 *
 * @param chosen what is recommended
 * @param best what was best, be it by chance
 * @param reached whether the recommended one reached the target with every seed
 * @param reasons a sentence each
 */
record Decision(PresetSummary chosen, PresetSummary best, boolean reached, List<String> reasons) {
  /** Accuracies at the end that differ by less are the same. */
  private static final double ACCURACY_RESOLUTION = 0.005;

  /** A method is worth a word about its bytes if it sends at most this share. */
  private static final double FEW_BYTES = 0.67;

  Decision {
    reasons = List.copyOf(reasons);
  }

  /**
   * Decides.
   *
   * @param summary of all methods, with at least two seeds of each
   * @param asTheyAre names of those that were not tuned
   * @param resolutionSeconds virtual time between evaluations: times are no better known
   * @return empty where every method diverged
   */
  static Optional<Decision> of(
      ComparisonSummary summary, Set<String> asTheyAre, double resolutionSeconds) {
    return best(summary)
        .map(best -> {
          Optional<PresetSummary> plain =
              best(
                  new ComparisonSummary(
                      summary.comparison(),
                      summary.presets().stream()
                          .filter(p -> asTheyAre.contains(p.preset()))
                          .toList(),
                      Optional.empty()));
          return new Choice(summary, best, plain, resolutionSeconds).decision();
        });
  }

  /**
   * The first at the target of those that always reached it; or else the one that reached it most
   * often, and of those as often the most accurate: runs that reached it were not looked at beyond.
   */
  private static Optional<PresetSummary> best(ComparisonSummary summary) {
    return summary
        .best()
        .filter(PresetSummary::reachedAlways)
        .or(() ->
            summary.presets().stream()
                .filter(p -> p.diverged() == 0 && p.accuracy().count() > 0)
                .max(
                    Comparator.comparingInt(PresetSummary::reached)
                        .thenComparingDouble(p -> p.accuracy().mean())));
  }

  /** How one method differs from another, seed by seed. */
  static Estimate sooner(PresetSummary one, PresetSummary than) {
    double[] seconds = new double[one.seeds()];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] =
          than.secondsBySeed().get(i).orElseThrow() - one.secondsBySeed().get(i).orElseThrow();
    }
    return Estimate.of(seconds);
  }

  /** Whether a difference is above zero for sure, and more than can be resolved. */
  static boolean isClear(Estimate difference, double resolution) {
    return difference.hasInterval()
        && difference.mean() - difference.halfWidth() > 0
        && difference.mean() > resolution;
  }

  private record Choice(
      ComparisonSummary summary,
      PresetSummary best,
      Optional<PresetSummary> plain,
      double resolutionSeconds) {
    Decision decision() {
      List<String> reasons = new ArrayList<>();
      PresetSummary chosen = chosen(reasons);
      if (chosen.reachedAlways()) {
        fewerBytes(chosen).ifPresent(reasons::add);
      }
      return new Decision(chosen, best, chosen.reachedAlways(), reasons);
    }

    private PresetSummary chosen(List<String> reasons) {
      if (plain.isEmpty()) {
        reasons.add(
            best.preset() + " is the best; no method that is not tuned came to a usable end.");
        return best;
      }
      PresetSummary simple = plain.get();
      if (simple.preset().equals(best.preset())) {
        String next =
            summary
                .bestOther(best)
                .filter(_ -> best.reachedAlways())
                .map(other ->
                    Phrase.of(
                        "; the next, %s, takes %s s",
                        other.preset(), Figures.seconds(other.secondsToTarget())))
                .orElse("");
        reasons.add(
            best.preset() + " is the best of all methods, and needs no tuning" + next + ".");
        return best;
      }
      if (best.reachedAlways() && !simple.reachedAlways()) {
        reasons.add(
            Phrase.of(
                "%s reaches the target with every seed; %s, the best method without tuning, with"
                    + " %d of %d.",
                best.preset(), simple.preset(), simple.reached(), simple.seeds()));
        return best;
      }
      return best.reachedAlways() ? byTime(simple, reasons) : byAccuracy(simple, reasons);
    }

    private PresetSummary byTime(PresetSummary simple, List<String> reasons) {
      Estimate sooner = sooner(best, simple);
      if (isClear(sooner, resolutionSeconds)) {
        reasons.add(
            Phrase.of(
                "%s is %s s sooner at the target than %s, the best method without tuning: more than"
                    + " chance.",
                best.preset(), Figures.seconds(sooner), simple.preset()));
        return best;
      }
      reasons.add(
          Phrase.of(
              "%s needs no tuning, and no method is faster for sure: %s is %s s sooner, which may be"
                  + " chance.",
              simple.preset(), best.preset(), Figures.seconds(sooner)));
      return simple;
    }

    private PresetSummary byAccuracy(PresetSummary simple, List<String> reasons) {
      Estimate more = moreAccurate(best, simple);
      if (isClear(more, ACCURACY_RESOLUTION)) {
        reasons.add(
            Phrase.of(
                "%s is %s points more accurate at the end than %s, the best method without tuning:"
                    + " more than chance.",
                best.preset(), Figures.percent(more), simple.preset()));
        return best;
      }
      reasons.add(
          Phrase.of(
              "%s needs no tuning, and no method is more accurate for sure: %s is ahead by %s"
                  + " points, which may be chance.",
              simple.preset(), best.preset(), Figures.percent(more)));
      return simple;
    }

    private Estimate moreAccurate(PresetSummary one, PresetSummary than) {
      double[] a = accuracies(one);
      double[] b = accuracies(than);
      double[] more = new double[a.length];
      for (int i = 0; i < a.length; i++) {
        more[i] = a[i] - b[i];
      }
      return Estimate.of(more);
    }

    private double[] accuracies(PresetSummary of) {
      return summary.comparison().presets().stream()
          .filter(p -> p.preset().equals(of.preset()))
          .flatMap(p -> p.runs().stream())
          .mapToDouble(run -> run.totals().accuracy())
          .toArray();
    }

    /** A method that is not slower for sure and sends much less. */
    private Optional<String> fewerBytes(PresetSummary chosen) {
      return summary.presets().stream()
          .filter(p -> !p.preset().equals(chosen.preset()) && p.reachedAlways())
          .filter(p -> p.bytesSent() <= FEW_BYTES * chosen.bytesSent())
          .filter(p -> !isClear(sooner(chosen, p), resolutionSeconds))
          .min(Comparator.comparingDouble(PresetSummary::bytesSent))
          .map(p ->
              Phrase.of(
                  "%s sends %.0f %% of the bytes that %s does until the target, and is not slower for"
                      + " sure (%s s):"
                      + " think of it if bytes are dear.",
                  p.preset(),
                  100 * p.bytesSent() / chosen.bytesSent(),
                  chosen.preset(),
                  Figures.seconds(p.secondsToTarget())));
    }
  }
}
