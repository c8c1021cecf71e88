package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.MalformedMessageException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lets peers come and go. Confined to its node. */
final class Members {
  private final WorkerId self;
  private final Pace pace;
  private final Roster roster;
  private final Links links;
  private final Neighbours neighbours;
  private final KnowledgeDesk knowledge;
  private final Batches batches;
  private final CatchUp catchUp;
  private final Tally tally;
  private final Outbox outbox;

  /** Who has said goodbye and is still a member. */
  private final Set<WorkerId> departed = new HashSet<>();

  private long redivideFrom = Long.MAX_VALUE;

  Members(
      WorkerId self,
      Pace pace,
      Roster roster,
      Links links,
      Neighbours neighbours,
      KnowledgeDesk knowledge,
      Batches batches,
      CatchUp catchUp,
      Tally tally,
      Outbox outbox) {
    this.self = self;
    this.pace = pace;
    this.roster = roster;
    this.links = links;
    this.neighbours = neighbours;
    this.knowledge = knowledge;
    this.batches = batches;
    this.catchUp = catchUp;
    this.tally = tally;
    this.outbox = outbox;
  }

  /** These take part from the beginning. */
  void start(Set<WorkerId> members) {
    members.stream()
        .filter(m -> !m.equals(self))
        .forEach(id -> roster.add(id, tally.iteration - 1));
    neighbours.derive();
  }

  /** These take part already; this worker comes to them. */
  void join(Set<WorkerId> members) {
    members.stream().filter(m -> !m.equals(self)).forEach(roster::addGuest);
    catchUp.begin();
  }

  /** These take part now. */
  void changed(Set<WorkerId> members) {
    departed.retainAll(members);
    List<WorkerId> lost = roster.everybody().stream().filter(id -> !members.contains(id)).toList();
    lost.forEach(id -> outbox.notice(Severity.WARNING, "lost " + id));
    remove(lost, true);
    for (WorkerId id : members.stream().sorted().toList()) {
      if (!id.equals(self) && roster.findAny(id) == null && !departed.contains(id)) {
        roster.addGuest(id);
        if (catchUp.takesPart()) {
          roster.with(id, catchUp::greet);
        }
      }
    }
  }

  /** Somebody has said how far it is: a guest takes part from now on. */
  void heard(Peer peer, Control.Status status) throws MalformedMessageException {
    if (!batches.accepts(status)) {
      throw new MalformedMessageException("status with an impossible global batch: " + status);
    }
    boolean takesPart = catchUp.takesPart();
    catchUp.heard(peer.id, status);
    if (!takesPart) {
      return;
    }
    boolean admitted = roster.isGuest(peer.id);
    if (admitted) {
      admit(peer, status);
    } else if (!peer.isNeighbour()) {
      peer.settled(status.sent()); // it may know already that it will be one
    } else if (status.sent() > peer.iteration) {
      settle(peer, status);
    }
    if (peer.isNeighbour()) {
      catchUp.reached(status.sent());
    }
    if (admitted || status.asks()) {
      answer(peer);
    }
  }

  private void admit(Peer peer, Control.Status status) {
    roster.admit(peer.id, Math.max(status.sent(), tally.offered));
    if (catchUp.isUnderWay()) {
      batches.adopt(status);
    } else {
      outbox.notice(Severity.INFO, peer.id + " takes part, at iteration " + status.sent());
      batches.redivide();
      List<Peer> come = neighbours.derive();
      come.remove(peer); // it is answered anyway
      greet(come);
    }
    peer.leaveOut(tally.offered);
    pace.arrived(peer); // it may wait for this, having been a peer in its own eyes all the time
    if (peer.isNeighbour() && pace.tooOld(status.sent(), tally.iteration)) {
      catchUp.follow(peer.id);
    }
  }

  /** Gradients of a peer will not come up to an iteration: lost on the way, or never computed. */
  private void settle(Peer peer, Control.Status status) {
    long upTo = status.sent();
    if (!peer.isNew && upTo > status.leftOut()) {
      outbox.notice(
          Severity.WARNING, "gradients of " + peer.id + " up to iteration " + upTo + " are lost");
    }
    peer.isNew = false;
    peer.settled(upTo);
    pace.arrived(peer);
  }

  /** Tells those that have become neighbours how far this worker is. */
  private void greet(List<Peer> come) {
    for (Peer peer : come) {
      peer.isNew = true;
      catchUp.greet(peer);
    }
  }

  /** Asks peers who have been waited for too long whether something was lost. */
  void ask(List<WorkerId> late) {
    for (WorkerId id : late) {
      roster.with(id, peer -> outbox.sendBehind(id, batches.status(peer, true)));
    }
  }

  private void answer(Peer peer) {
    outbox.sendBehind(peer.id, batches.status(peer, false));
    batches.announceCostTo(peer.id);
    pace.repeatToken(peer);
  }

  /**
   * A peer has said goodbye.
   *
   * @param redivide whether the others go on without it
   */
  void departed(WorkerId id, boolean redivide) {
    departed.add(id);
    remove(List.of(id), redivide);
  }

  /**
   * Those who go together are gone before neighbours are derived again: a topology without only
   * some of them, that never was, would make strangers of neighbours that stay.
   */
  private void remove(List<WorkerId> ids, boolean redivide) {
    List<Peer> gone = ids.stream().map(roster::remove).flatMap(Optional::stream).toList();
    ids.forEach(catchUp::gone);
    for (Peer peer : gone) {
      links.close(peer);
      knowledge.gone(peer.id);
    }
    if (gone.isEmpty()) {
      return;
    }
    if (redivide) {
      if (!catchUp.isUnderWay()) {
        greet(neighbours.derive());
      }
      long last = gone.stream().mapToLong(peer -> peer.iteration).max().orElseThrow();
      redivideFrom = pace.ordered() ? last + 1 : tally.iteration;
      redivide();
    }
    knowledge.decide();
  }

  /** An iteration was applied. */
  void iterationEnded() {
    redivide();
  }

  /**
   * Lets B follow the number of workers. Where replicas must stay equal, that waits until the last
   * gradient of the worker that left has been applied, which others may have done before they knew.
   */
  private void redivide() {
    if (tally.iteration >= redivideFrom) {
      redivideFrom = Long.MAX_VALUE;
      batches.redivide();
    }
  }
}
