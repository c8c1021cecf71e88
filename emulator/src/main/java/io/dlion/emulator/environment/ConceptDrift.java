package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A change of the world from which records come: the labels of some classes move in a circle, so
 * that what was learned of these classes is wrong (real concept drift).
 *
 * @param kind how it comes about
 * @param atNanos when it begins
 * @param spanNanos gradual: how long it takes until all records are of the new concept; recurring:
 *     how long each of the two concepts holds; else 0
 * @param classes how many change their labels, at least 2; 0: half of them
 * @param workers at whose sites the world changes
 */
public record ConceptDrift(
    Kind kind, long atNanos, long spanNanos, int classes, Set<WorkerId> workers) {
  /** How the world changes. */
  public enum Kind {
    /** From one record to the next. */
    SUDDEN,
    /** Ever more records are of the new concept. */
    GRADUAL,
    /** Suddenly, then back, and so on. */
    RECURRING
  }

  /** Copies the workers. */
  public ConceptDrift {
    workers = Set.copyOf(workers);
  }

  /** Share of the records that are of the new concept at a time. */
  public double shareAt(long nanos) {
    if (nanos < atNanos) {
      return 0;
    }
    return switch (kind) {
      case SUDDEN -> 1;
      case GRADUAL -> Math.min(1, (double) (nanos - atNanos) / spanNanos);
      case RECURRING -> (nanos - atNanos) / spanNanos % 2 == 0 ? 1 : 0;
    };
  }

  /** When the world changes, or begins to, before a run is over. */
  LongStream changesNanos(long budgetNanos) {
    long step = kind == Kind.RECURRING ? spanNanos : budgetNanos;
    return LongStream.iterate(atNanos, at -> at < budgetNanos, at -> at + step);
  }
}
