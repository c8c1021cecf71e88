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
  private static final long PATIENCE_NANOS_MIN = 500_000_000L;

  private final Roster roster;
  private final Outbox outbox;
  private List<WorkerId> peers = List.of();
  private String what = "";
  private long sinceNanos;
  private long noticeNanos;
  private long patienceNanos;
  private boolean timerSet;

  Waiting(Roster roster, Outbox outbox) {
    this.roster = roster;
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
    begin(what, those);
    return true;
  }

  /** Begins to wait for something of somebody, or goes on waiting. */
  void begin(String what, List<WorkerId> those) {
    if (!active()) {
      sinceNanos = outbox.now();
      noticeNanos = FIRST_NOTICE_NANOS;
      patienceNanos = patienceNanos(those);
    }
    this.peers = those;
    this.what = what;
    setTimer();
  }

  /** After that long something may be lost: derived from how far apart gradients have come. */
  private long patienceNanos(List<WorkerId> those) {
    long patience = 0;
    for (WorkerId id : those) {
      Peer peer = roster.find(id);
      patience = Math.max(patience, peer == null ? 0 : peer.patienceNanos());
    }
    return patience == 0 ? FIRST_NOTICE_NANOS : Math.max(PATIENCE_NANOS_MIN, patience);
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
      outbox.add(
          new Action.SetTimer(Timer.WAITING, sinceNanos + Math.min(noticeNanos, patienceNanos)));
    }
  }

  /**
   * The timer has fired: says who is waited for, if that is due, and again after twice the time.
   *
   * @return those to be asked whether something was lost, and again after twice the time
   */
  List<WorkerId> timerFired() {
    timerSet = false;
    long nanos = outbox.now() - sinceNanos;
    if (active() && nanos >= noticeNanos) {
      noticeNanos *= 2;
      outbox.notice(Severity.INFO, notice(nanos));
    }
    boolean lost = active() && nanos >= patienceNanos;
    if (lost) {
      patienceNanos = 2 * nanos;
    }
    setTimer();
    return lost ? peers : List.of();
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
