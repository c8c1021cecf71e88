package io.dlion.emulator.environment;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is particular about the way between two workers.
 *
 * @param mbit the most it carries, in Mbit/s, however wide the access links at its ends are
 * @param latencyNanos instead of what is usual
 */
record PathLimit(Optional<Schedule> mbit, OptionalLong latencyNanos) {
  /** One that carries so many times as much. */
  PathLimit times(double factor) {
    return new PathLimit(mbit.map(m -> m.times(factor)), latencyNanos);
  }

  PathLimit withBudget(long budgetNanos) {
    return new PathLimit(mbit.map(m -> m.withBudget(budgetNanos)), latencyNanos);
  }
}
