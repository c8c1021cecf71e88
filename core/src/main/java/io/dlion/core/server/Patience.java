package io.dlion.core.server;

import io.dlion.core.Phrase;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Timer;
import io.dlion.core.node.Timers;
import io.dlion.core.report.Report.Severity;

/** What a member waits for and since when, so that no wait is silent. Confined to its node. */
final class Patience {
  private static final long FIRST_NOTICE_NANOS = 5_000_000_000L;
  private static final long ASK_NANOS_MIN = 2_000_000_000L;

  /** Asking costs next to nothing, and what is waited for may be lost however long it takes. */
  private static final long ASK_NANOS_MAX = 5_000_000_000L;

  private final Timers timers;
  private final Outbox outbox;
  private String what = "";
  private long sinceNanos;
  private long noticeNanos;
  private long askNanos;

  /** Nothing is waited for. */
  Patience(Timers timers, Outbox outbox) {
    this.timers = timers;
    this.outbox = outbox;
  }

  /**
   * Begins to wait for something, or goes on waiting for it.
   *
   * @param usualNanos what it takes usually; 0 if unknown
   */
  void waitFor(String what, long usualNanos) {
    if (!this.what.equals(what)) {
      if (this.what.isEmpty()) {
        sinceNanos = outbox.now();
        noticeNanos = FIRST_NOTICE_NANOS;
      }
      this.what = what;
      askNanos = outbox.now() - sinceNanos + within(4 * usualNanos);
    }
    setTimer();
  }

  private void setTimer() {
    timers.set(Timer.WAITING, sinceNanos + Math.min(noticeNanos, askNanos));
  }

  /** The timer has expired. Returns whether it is time to ask again. */
  boolean expired() {
    if (what.isEmpty()) {
      return false;
    }
    long nanos = outbox.now() - sinceNanos;
    if (nanos >= noticeNanos) {
      noticeNanos = 2 * nanos;
      outbox.notice(Severity.INFO, Phrase.of("has waited %.0f s for %s", nanos / 1e9, what));
    }
    boolean asks = nanos >= askNanos;
    if (asks) {
      askNanos = nanos + within(nanos);
    }
    setTimer();
    return asks;
  }

  private static long within(long nanos) {
    return Math.clamp(nanos, ASK_NANOS_MIN, ASK_NANOS_MAX);
  }

  /** Nothing is waited for any more. */
  void end() {
    what = "";
    timers.stop(Timer.WAITING);
  }
}
