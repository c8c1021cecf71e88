package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report.Severity;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** For whom a worker waits and since when, so that no wait is silent. Confined to its node. */
final class Waiting {
  private static final long FIRST_NOTICE_NANOS = 5_000_000_000L;

  private final Outbox outbox;
  private List<WorkerId> peers = List.of();
  private String what = "";
  private long sinceNanos;
  private long noticeNanos;
  private boolean timerSet;

  Waiting(Outbox outbox) {
    this.outbox = outbox;
  }

  /**
   * Whether there are too many peers for which the condition holds; begins to wait for them, or
   * goes on waiting.
   *
   * @param what of them is waited for
   * @param spare how many such peers there may be
   * @param of the peers that count
   */
  boolean must(String what, int spare, Collection<Peer> of, Predicate<Peer> condition) {
    List<WorkerId> those = of.stream().filter(condition).map(p -> p.id).toList();
    if (those.size() <= spare) {
      return false;
    }
    if (!active()) {
      sinceNanos = outbox.now();
      noticeNanos = FIRST_NOTICE_NANOS;
    }
    this.peers = those;
    this.what = what;
    setTimer();
    return true;
  }

  /** Whether somebody is waited for. */
  private boolean active() {
    return !peers.isEmpty();
  }

  /**
   * Sets the timer, if there is somebody waited for and it is not set already. A timer left from an
   * earlier wait is used again; the notice may then come later by as much.
   */
  private void setTimer() {
    if (active() && !timerSet) {
      timerSet = true;
      outbox.add(new Action.SetTimer(Timer.WAITING, sinceNanos + noticeNanos));
    }
  }

  /**
   * The timer has fired: says who is waited for, if that is due, and again after twice the time.
   */
  void timerFired() {
    timerSet = false;
    long nanos = outbox.now() - sinceNanos;
    if (active() && nanos >= noticeNanos) {
      noticeNanos *= 2;
      outbox.notice(Severity.INFO, notice(nanos));
    }
    setTimer();
  }

  private String notice(long nanos) {
    return String.format(
        Locale.ROOT,
        "has waited %.0f s for %s of %s",
        nanos / 1e9,
        what,
        String.join(", ", peers.stream().map(WorkerId::name).toList()));
  }

  /**
   * Ends waiting.
   *
   * @return how long it took, in nanoseconds; 0 if nobody was waited for
   */
  long end() {
    long nanos = active() ? outbox.now() - sinceNanos : 0;
    peers = List.of();
    return nanos;
  }
}
