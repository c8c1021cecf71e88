package io.dlion.emulator.environment;

/**
 * When something is to be: so long after the run began, or at a share of its time budget.
 *
 * @param text as somebody wrote it: {@code 300s}, {@code 1/3}
 * @param nanos after the beginning; 0 where {@code budgetShare} is not
 * @param budgetShare of the budget, from 0 to 1; 0 where {@code nanos} is not
 */
public record Moment(String text, long nanos, double budgetShare) {
  /** The beginning of a run. */
  public static final Moment START = new Moment("0s", 0, 0);

  /** Nanoseconds since the run began, in a run of this budget. */
  public long atNanos(long budgetNanos) {
    return nanos + Math.round(budgetShare * budgetNanos);
  }

  /** Whether which of the two comes first depends on the budget. */
  boolean isMixedWith(Moment other) {
    return (nanos > 0 && other.budgetShare > 0) || (budgetShare > 0 && other.nanos > 0);
  }

  /** Whether it comes before another, whatever the budget. */
  boolean isBefore(Moment other) {
    return !isMixedWith(other) && (nanos < other.nanos || budgetShare < other.budgetShare);
  }

  @Override
  public String toString() {
    return text;
  }
}
