package io.dlion.core.peer;

import io.dlion.core.node.Outbox;
import io.dlion.core.peer.batches.Batches;
import io.dlion.core.peer.links.Links;
import io.dlion.core.peer.pace.Pace;
import io.dlion.core.peer.roster.Peer;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.peer.update.Update;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.MalformedMessageException;

/**
 * Takes in the gradients of peers, or how far they are where none are exchanged. Confined to its
 * node.
 */
final class PeerGradients {
  /**
   * Where replicas stay equal a peer may be one iteration ahead, never two: it needs the gradient
   * of this worker for that. Those of iterations that this worker has left out do not count, nor
   * those from before it last became a neighbour, nor those from before it left and came again.
   */
  private static final int HELD_MAX = 2;

  /** Whatever becomes of neighbours: what is held takes memory. */
  private static final int HELD_EVER_MAX = 3 * HELD_MAX;

  private final Pace pace;
  private final Update update;
  private final Links links;
  private final Batches batches;
  private final Roster roster;
  private final Tally tally;
  private final Outbox outbox;

  PeerGradients(
      Pace pace,
      Update update,
      Links links,
      Batches batches,
      Roster roster,
      Tally tally,
      Outbox outbox) {
    this.pace = pace;
    this.update = update;
    this.links = links;
    this.batches = batches;
    this.roster = roster;
    this.tally = tally;
    this.outbox = outbox;
  }

  /** A gradient has arrived; whoever takes it says when its payload is no longer used. */
  void arrived(Peer peer, GradientMessage message) throws MalformedMessageException {
    long newest = message.header().iteration();
    if (update.held(peer.id(), Math.max(tally.iteration(), peer.waitsFrom())) >= HELD_MAX
        || update.heldEver(peer.id(), tally.iteration()) >= HELD_EVER_MAX) {
      throw new MalformedMessageException(
          "gradient of iteration " + newest + " came before it can have been computed");
    }
    advanced(peer, newest);
    boolean tooOld = pace.tooOld(tally.iteration(), newest);
    if (tooOld) { // from a peer that joined or was restored so far behind
      roster.applied(peer.id(), message.header().samples());
      outbox.consumed(peer.id(), message.payload());
    } else if (pace.ordered()) {
      update.hold(peer.id(), message);
    } else {
      double seconds = links.seconds(peer.id(), message);
      update.arrived(peer.id(), message, batches.receivedFactor(), seconds);
      links.applied(peer.id(), message);
    }
  }

  /** A peer has told how far it is, which exchanges no gradients. */
  void arrived(Peer peer, Control.Progress progress) throws MalformedMessageException {
    advanced(peer, progress.iteration());
    roster.applied(peer.id(), progress.samples());
  }

  private void advanced(Peer peer, long newest) throws MalformedMessageException {
    if (!peer.arrived(newest, outbox.now())) {
      throw new MalformedMessageException("gradient of iteration " + newest + " came out of turn");
    }
    pace.arrived(peer);
  }
}
