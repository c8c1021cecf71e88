package io.dlion.emulator.environment;

import java.util.List;

/** A figure that changes over time by steps: from each moment on, the value given with it. */
public final class Schedule {
  private final List<Step> steps;
  private final long[] fromNanos;

  /**
   * A value and the moment it begins to hold.
   *
   * @param from the first step's is the beginning of the run
   * @param value until the next step
   */
  public record Step(Moment from, double value) {}

  /** Steps in order of time, the first of them at the beginning. */
  Schedule(List<Step> steps, long budgetNanos) {
    this(steps, steps.stream().mapToLong(s -> s.from().atNanos(budgetNanos)).toArray());
  }

  private Schedule(List<Step> steps, long[] fromNanos) {
    this.steps = List.copyOf(steps);
    this.fromNanos = fromNanos;
    if (fromNanos.length == 0 || fromNanos[0] != 0) {
      throw new IllegalArgumentException("a schedule starts with the run, found " + steps);
    }
  }

  /** The same value always. */
  public static Schedule constant(double value) {
    return new Schedule(List.of(new Step(Moment.START, value)), 0);
  }

  /** The same steps in a run of this budget. */
  Schedule withBudget(long budgetNanos) {
    return new Schedule(steps, budgetNanos);
  }

  /** All values multiplied by a factor. */
  Schedule times(double factor) {
    return new Schedule(
        steps.stream().map(s -> new Step(s.from(), s.value() * factor)).toList(), fromNanos);
  }

  /** The value at a time. */
  public double at(long nanos) {
    int i = fromNanos.length - 1;
    while (i > 0 && fromNanos[i] > nanos) {
      i--;
    }
    return steps.get(i).value();
  }

  /** When the next step after a time begins; {@link Long#MAX_VALUE} where there is none. */
  public long nextChangeNanos(long afterNanos) {
    for (long from : fromNanos) {
      if (from > afterNanos) {
        return from;
      }
    }
    return Long.MAX_VALUE;
  }

  /** As they were written. */
  public List<Step> steps() {
    return steps;
  }

  /** The greatest value it ever has. */
  public double greatest() {
    return steps.stream().mapToDouble(Step::value).max().orElseThrow();
  }
}
