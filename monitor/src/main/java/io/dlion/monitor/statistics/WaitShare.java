package io.dlion.monitor.statistics;

import io.dlion.core.report.Report;

/**
 * The share of its time that a worker waited for others: the waits of its iterations over the time
 * from the beginning of its first iteration to the end of its last. Time in which it was gone does
 * not count. Not thread safe.
 */
public final class WaitShare {
  private boolean there;
  private long beganNanos;
  private long endedNanos;
  private long earlierNanos;
  private long waitNanos;

  /** An iteration ended. */
  public void iteration(Report.Iteration report) {
    if (!there) {
      there = true;
      beganNanos = beginNanos(report);
      endedNanos = beganNanos;
    }
    endedNanos = Math.max(endedNanos, report.atNanos());
    waitNanos += Math.max(0, report.waitNanos());
  }

  /** The worker left or crashed; its next iteration ends its absence. */
  public void gone() {
    earlierNanos = takenPartNanos();
    there = false;
  }

  /** When an iteration began to wait, or to compute; not before the run. */
  static long beginNanos(Report.Iteration report) {
    return Math.max(0, report.atNanos() - report.computeNanos() - report.waitNanos());
  }

  private long takenPartNanos() {
    return earlierNanos + (there ? endedNanos - beganNanos : 0);
  }

  /** In [0, 1]; NaN before the first iteration. */
  public double share() {
    long nanos = takenPartNanos();
    return nanos > 0 ? Math.min(1, (double) waitNanos / nanos) : Double.NaN;
  }
}
