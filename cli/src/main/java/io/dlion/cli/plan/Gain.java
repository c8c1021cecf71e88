package io.dlion.cli.plan;

import io.dlion.core.Phrase;
import io.dlion.monitor.comparison.Estimate;
import io.dlion.monitor.comparison.Figures;
import io.dlion.monitor.comparison.PresetSummary;

/**
 * What an upgrade would gain: the recommended method, emulated with it.
 *
 * @param upgrade what is better
 * @param now the method as the sites are
 * @param then the method with the upgrade, with the same seeds
 * @param resolutionSeconds virtual time between evaluations
 */
record Gain(Upgrade upgrade, PresetSummary now, PresetSummary then, double resolutionSeconds) {
  /** How much sooner the target is reached, in seconds; no values unless every seed reached it. */
  Estimate sooner() {
    return now.reachedAlways() && then.reachedAlways() ? Decision.sooner(then, now) : Estimate.NONE;
  }

  /** What it comes to, for people. */
  String verdict() {
    if (then.reachedAlways() && !now.reachedAlways()) {
      return Phrase.of(
          "reaches the target with every seed, after %s s",
          Figures.seconds(then.secondsToTarget()));
    }
    if (now.reachedAlways() && !then.reachedAlways()) {
      return Phrase.of("reaches the target with %d of %d seeds only", then.reached(), then.seeds());
    }
    if (!then.reachedAlways()) {
      return Phrase.of(
          "%s %% at the end instead of %s %%",
          Figures.percent(then.accuracy()), Figures.percent(now.accuracy()));
    }
    Estimate sooner = sooner();
    double share = 100 * sooner.mean() / now.secondsToTarget().mean();
    if (Decision.isClear(sooner, resolutionSeconds)) {
      return Phrase.of("%s s sooner (%.0f %%)", Figures.seconds(sooner), share);
    }
    Estimate later = new Estimate(sooner.count(), -sooner.mean(), sooner.halfWidth());
    return Decision.isClear(later, resolutionSeconds)
        ? Phrase.of("%s s later (%.0f %%)", Figures.seconds(later), -share)
        : Phrase.of("no difference beyond chance (%s s sooner)", Figures.seconds(sooner));
  }
}
