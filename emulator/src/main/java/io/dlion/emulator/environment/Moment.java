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

  @Override
  public String toString() {
    return text;
  }
}
