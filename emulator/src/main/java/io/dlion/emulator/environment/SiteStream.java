package io.dlion.emulator.environment;

import java.util.Optional;

/**
 * The stream of records that arrives at a worker.
 *
 * @param rate records a second over time; may be 0 for a while, or always
 * @param bursts when it is higher, if ever
 * @param begin share of the worker's examples that it has from the beginning, in [0, 1]; the others
 *     arrive
 */
public record SiteStream(Schedule rate, Optional<Bursts> bursts, double begin) {
  /** Whether anything ever arrives. */
  public boolean flows() {
    return rate.greatest() > 0;
  }

  /** Records a second at a time. */
  public double perSecondAt(long nanos) {
    return rate.at(nanos) * bursts.map(b -> b.at(nanos)).orElse(1.0);
  }

  /**
   * When {@link #perSecondAt} may change next after a time; {@link Long#MAX_VALUE} where it never
   * does.
   */
  public long nextChangeNanos(long afterNanos) {
    long step = rate.nextChangeNanos(afterNanos);
    boolean isOver = step == Long.MAX_VALUE && rate.at(afterNanos) == 0;
    return bursts
        .filter(_ -> !isOver)
        .map(b -> Math.min(step, b.nextChangeNanos(afterNanos)))
        .orElse(step);
  }

  SiteStream withBudget(long budgetNanos) {
    return new SiteStream(rate.withBudget(budgetNanos), bursts, begin);
  }
}
