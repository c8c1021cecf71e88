package io.dlion.core.peer.rounds;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Timer;
import io.dlion.core.node.Timers;
import io.dlion.core.peer.pace.Waiting;
import io.dlion.core.peer.roster.Peer;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.strategy.Decoupling;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * When a round ends whose steps are done: a distance of a quorum of the workers, this one included,
 * has come since it began, and those of all, or the grace time is over. A peer of which nothing has
 * come for much longer than usual is not waited for in this round. So nobody waits forever, not
 * even where a message was lost. Confined to its node.
 */
public final class Quorum {
  private static final long NEVER = -1;

  private final Decoupling rule;
  private final RoundShares shares;
  private final Roster roster;
  private final Tally tally;
  private final Waiting waiting;
  private final Timers timers;
  private final Outbox outbox;
  private final Set<WorkerId> excused = new HashSet<>();
  private long sinceNanos = NEVER;

  /** No round has begun. */
  public Quorum(
      Decoupling rule,
      RoundShares shares,
      Roster roster,
      Tally tally,
      Waiting waiting,
      Timers timers,
      Outbox outbox) {
    this.rule = rule;
    this.shares = shares;
    this.roster = roster;
    this.tally = tally;
    this.waiting = waiting;
    this.timers = timers;
    this.outbox = outbox;
  }

  /** Whether the round, whose steps are done, has to wait for distances of peers. */
  public boolean mustWait() {
    List<WorkerId> missing =
        roster.neighbours().stream()
            .map(Peer::id)
            .filter(id -> !shares.hasCome(id) && !excused.contains(id))
            .toList();
    int workers = roster.neighbours().size() + 1;
    if (!missing.isEmpty() && workers - missing.size() < rule.needed(workers)) {
      waiting.begin("the distance", missing);
      return true;
    }
    if (missing.isEmpty() || isGraceOver()) {
      return false;
    }
    waiting.begin("the distance", missing);
    return true;
  }

  private boolean isGraceOver() {
    if (sinceNanos == NEVER) {
      sinceNanos = outbox.now();
    }
    long endNanos = sinceNanos + Math.round(rule.grace() * tally.stepSeconds() * 1e9);
    if (outbox.now() >= endNanos) {
      return true;
    }
    timers.set(Timer.GRACE, endNanos);
    return false;
  }

  /** These have been waited for too long. */
  public void excuse(Collection<WorkerId> late) {
    excused.addAll(late);
  }

  /** The round has ended. */
  public void ended() {
    excused.clear();
    sinceNanos = NEVER;
    timers.stop(Timer.GRACE);
  }
}
