package io.dlion.core.server;

import io.dlion.core.batching.BatchRule;
import io.dlion.core.batching.Cost;
import io.dlion.core.batching.StepTimes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client's steps cost, where batches follow speed: the first steps are timed on whole and
 * halved batches, and later ones tell how that changes. Confined to its node.
 */
final class LocalCost {
  private final BatchRule rule;
  private final int leastBatch;
  private final StepTimes times = new StepTimes();
  private int profiled;
  private @Nullable Cost told;

  /** Nothing is known. */
  LocalCost(BatchRule rule, int leastBatch) {
    this.rule = rule;
    this.leastBatch = leastBatch;
  }

  private int steps() {
    return rule.adaptive() ? 2 * rule.profileSteps() : 0;
  }

  /** Whether the next step is one of those that are timed for the profile. */
  boolean isProfiling() {
    return profiled < steps();
  }

  /** How many samples to take for the next step, whose plan says so many. */
  int batch(int planned) {
    return isProfiling() && profiled >= rule.profileSteps()
        ? Math.max(leastBatch, planned / 2)
        : Math.max(leastBatch, planned);
  }

  /** A step was timed. Returns the cost if the server is to be told of it. */
  Optional<Cost> observed(int samples, long nanos) {
    if (!rule.adaptive()) {
      return Optional.empty();
    }
    if (isProfiling()) {
      times.profile(samples, nanos / 1e9);
      profiled++;
      if (isProfiling()) {
        return Optional.empty();
      }
      times.fit();
    } else {
      times.observe(samples, nanos / 1e9);
    }
    Cost now = times.cost();
    boolean tells = told == null || differs(told, now, samples);
    told = tells ? now : told;
    return tells ? Optional.of(now) : Optional.empty();
  }

  private boolean differs(Cost before, Cost now, int samples) {
    double was = before.seconds(samples);
    return Math.abs(now.seconds(samples) - was) > rule.announceChange() * was;
  }

  /** What the server was told, or would have been. */
  Optional<Cost> told() {
    return Optional.ofNullable(told);
  }
}
