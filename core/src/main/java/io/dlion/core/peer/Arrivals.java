package io.dlion.core.peer;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.node.Outbox;
import io.dlion.core.peer.batches.Batches;
import io.dlion.core.peer.catchup.CatchUp;
import io.dlion.core.peer.catchup.Greeting;
import io.dlion.core.peer.catchup.Neighbours;
import io.dlion.core.peer.pace.Pace;
import io.dlion.core.peer.roster.Peer;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.MalformedMessageException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets peers come: a worker that comes is a guest until it has said how far it is. Confined to its
 * node.
 */
final class Arrivals {
  private final Pace pace;
  private final Roster roster;
  private final Neighbours neighbours;
  private final Greeting greeting;
  private final CatchUp catchUp;
  private final Batches batches;
  private final Tally tally;
  private final Outbox outbox;

  /** Neighbours that have to say yet from where on they send. */
  private final Set<WorkerId> silent = new HashSet<>();

  /** Nobody has come. */
  Arrivals(
      Pace pace,
      Roster roster,
      Neighbours neighbours,
      Greeting greeting,
      CatchUp catchUp,
      Batches batches,
      Tally tally,
      Outbox outbox) {
    this.pace = pace;
    this.roster = roster;
    this.neighbours = neighbours;
    this.greeting = greeting;
    this.catchUp = catchUp;
    this.batches = batches;
    this.tally = tally;
    this.outbox = outbox;
  }

  /** These take part from the beginning. */
  void start(Set<WorkerId> members) {
    for (WorkerId id : others(members)) {
      roster.add(id, tally.iteration() - 1);
      greeting.leaveOut(id, tally.iteration() - 1);
    }
    neighbours.derive();
  }

  /** These take part already; this worker comes to them. */
  void join(Set<WorkerId> members) {
    others(members).forEach(roster::addGuest);
    catchUp.begin();
  }

  /** These have come, as far as they are not known. */
  void come(Collection<WorkerId> members) {
    for (WorkerId id : others(members)) {
      if (roster.findAny(id) == null) {
        roster.addGuest(id);
        if (catchUp.takesPart()) {
          greeting.greet(id);
        }
      }
    }
  }

  /**
   * These pairs have no direct line: others may be neighbours from now on.
   *
   * @param started whether there are neighbours already
   */
  void relayed(Set<WorkerPair> pairs, boolean started) {
    neighbours.relayed(pairs);
    if (started && !catchUp.isUnderWay()) {
      greet(neighbours.derive());
    }
  }

  private List<WorkerId> others(Collection<WorkerId> members) {
    return members.stream().filter(id -> !id.equals(roster.self())).sorted().toList();
  }

  /** A peer has said how far it is; a guest takes part from now on. */
  void heard(Peer peer, Control.Status status) throws MalformedMessageException {
    if (!batches.accepts(status)) {
      throw new MalformedMessageException("status with an impossible global batch: " + status);
    }
    boolean takesPart = catchUp.takesPart();
    catchUp.heard(peer.id(), status);
    if (!takesPart) {
      return;
    }
    boolean admitted = roster.isGuest(peer.id());
    if (admitted) {
      admit(peer, status);
    } else if (!peer.isNeighbour()) {
      peer.settled(status.sent()); // it may know already that it will be one
    } else if (status.sent() > peer.iteration()) {
      settle(peer, status);
    }
    if (peer.isNeighbour()) {
      catchUp.reached(status.sent());
    }
    if (admitted || status.asks()) {
      greeting.tell(peer.id(), false);
      batches.announceCostTo(peer.id());
      pace.repeatToken(peer.id());
      if (neighbours.hasTurned()) {
        outbox.send(peer.id(), new Control.ThinLines());
      }
    }
  }

  private void admit(Peer peer, Control.Status status) {
    roster.admit(peer.id(), Math.max(status.sent(), tally.offered()));
    pace.admitted(peer.id());
    if (catchUp.isUnderWay()) {
      batches.adopt(status);
    } else {
      outbox.notice(Severity.INFO, peer.id() + " takes part, at iteration " + status.sent());
      batches.came(peer.id());
      List<Peer> come = neighbours.derive();
      come.remove(peer); // it is answered anyway
      greet(come);
    }
    greeting.leaveOut(peer.id(), tally.offered());
    pace.arrived(peer); // it may wait for this, having been a peer in its own eyes all the time
    if (peer.isNeighbour() && pace.tooOld(status.sent(), tally.iteration())) {
      catchUp.follow(peer.id());
    }
  }

  /** Gradients of a peer will not come up to an iteration: lost on the way, or never computed. */
  private void settle(Peer peer, Control.Status status) {
    long upTo = status.sent();
    if (!silent.remove(peer.id()) && upTo > status.leftOut()) {
      outbox.notice(
          Severity.WARNING, "gradients of " + peer.id() + " up to iteration " + upTo + " are lost");
    }
    peer.settled(upTo);
    pace.arrived(peer);
  }

  /**
   * Tells those that have become neighbours how far this worker is. They may have told it that
   * already, if they heard first of what made them neighbours.
   */
  void greet(List<Peer> come) {
    for (Peer peer : come) {
      catchUp.reached(peer.iteration());
      silent.add(peer.id());
      greeting.greet(peer.id());
    }
  }

  /** Asks peers who have been waited for too long whether something was lost. */
  void ask(List<WorkerId> late) {
    late.stream().filter(id -> roster.findAny(id) != null).forEach(greeting::ask);
  }

  /** A peer has gone. */
  void gone(WorkerId peer) {
    silent.remove(peer);
    catchUp.gone(peer);
  }
}
