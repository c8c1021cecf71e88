package io.dlion.emulator.check.server;

import io.dlion.core.batching.BatchRule;
import io.dlion.core.batching.Cost;
import io.dlion.core.batching.StepTimes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the server knows of the cost of its own steps, which no message tells. */
final class ReferenceCost {
  private final BatchRule rule;
  private final StepTimes times = new StepTimes();
  private int profiled;
  private @Nullable Cost known;

  ReferenceCost(BatchRule rule) {
    this.rule = rule;
  }

  Optional<Cost> known() {
    return Optional.ofNullable(known);
  }

  /** A step was timed. */
  void observed(int samples, long nanos) {
    if (!rule.adaptive()) {
      return;
    }
    double seconds = Math.max(1, nanos) / 1e9;
    if (profiled < 2 * rule.profileSteps()) {
      times.profile(samples, seconds);
      if (++profiled < 2 * rule.profileSteps()) {
        return;
      }
      times.fit();
    } else {
      times.observe(samples, seconds);
    }
    Cost now = times.cost();
    Cost before = known;
    if (before == null || isAnother(before.seconds(samples), now.seconds(samples))) {
      known = now;
    }
  }

  private boolean isAnother(double before, double now) {
    return Math.abs(now - before) > rule.announceChange() * before;
  }
}
