package io.dlion.core.peer.pace;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Timer;
import io.dlion.core.node.Timers;
import io.dlion.core.peer.roster.Peer;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.report.Report.Severity;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** For whom a worker waits and since when, so that no wait is silent. Confined to its node. */
public final class Waiting {
  private static final long FIRST_NOTICE_NANOS = 5_000_000_000L;
  private static final long PATIENCE_NANOS_MIN = 500_000_000L;

  private final Roster roster;
  private final Timers timers;
  private final Outbox outbox;
  private List<WorkerId> peers = List.of();
  private String what = "";
  private long sinceNanos;
  private long noticeNanos;
  private long patienceNanos;

  /** Nobody is waited for. */
  public Waiting(Roster roster, Timers timers, Outbox outbox) {
    this.roster = roster;
    this.timers = timers;
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
  public boolean must(String what, int spare, Collection<Peer> of, Predicate<Peer> condition) {
    List<WorkerId> those = of.stream().filter(condition).map(Peer::id).toList();
    if (those.size() <= spare) {
      return false;
    }
    begin(what, those);
    return true;
  }

  /** Begins to wait for something of some peers, or goes on waiting. */
  public void begin(String what, List<WorkerId> those) {
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

  private boolean active() {
    return !peers.isEmpty();
  }

  private void setTimer() {
    if (active()) {
      timers.set(Timer.WAITING, sinceNanos + Math.min(noticeNanos, patienceNanos));
    }
  }

  /**
   * The timer has expired: reports who is waited for, if that is due, and again after twice the
   * time.
   *
   * @return those to be asked whether something was lost, and again after twice the time
   */
  public List<WorkerId> timerExpired() {
    long nanos = outbox.now() - sinceNanos;
    if (active() && nanos >= noticeNanos) {
      noticeNanos = 2 * nanos;
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
    return Phrase.of(
        "has waited %.0f s for %s of %s",
        nanos / 1e9, what, String.join(", ", peers.stream().map(WorkerId::name).toList()));
  }

  /**
   * Ends waiting.
   *
   * @return how long it took, in nanoseconds; 0 if nobody was waited for
   */
  public long end() {
    long nanos = active() ? outbox.now() - sinceNanos : 0;
    peers = List.of();
    timers.stop(Timer.WAITING);
    return nanos;
  }
}
