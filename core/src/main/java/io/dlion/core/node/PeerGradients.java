package io.dlion.core.node;

import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.MalformedMessageException;

/** Takes in the gradients of peers. Confined to its node. */
final class PeerGradients {
  /**
   * Where replicas stay equal a peer may be one iteration ahead, never two: it needs the gradient
   * of this worker for that. Those of iterations that this worker has left out do not count, nor
   * those from before it last became a neighbour, unless it has left and come again meanwhile.
   */
  private static final int HELD_MAX = 2;

  /** Whatever becomes of neighbours: what is held takes memory. */
  private static final int HELD_EVER_MAX = 3 * HELD_MAX;

  private final Pace pace;
  private final Update update;
  private final Links links;
  private final Batches batches;
  private final Tally tally;
  private final Outbox outbox;

  PeerGradients(
      Pace pace, Update update, Links links, Batches batches, Tally tally, Outbox outbox) {
    this.pace = pace;
    this.update = update;
    this.links = links;
    this.batches = batches;
    this.tally = tally;
    this.outbox = outbox;
  }

  /** A gradient has arrived; who takes it says when its payload is done with. */
  void arrived(Peer peer, GradientMessage message) throws MalformedMessageException {
    long newest = message.header().iteration();
    if (update.held(peer.id, Math.max(tally.iteration, peer.waitsFrom())) >= HELD_MAX
        || update.held(peer.id, tally.iteration) >= HELD_EVER_MAX) {
      throw new MalformedMessageException(
          "gradient of iteration " + newest + " came before it can have been computed");
    }
    if (!peer.arrived(newest)) {
      throw new MalformedMessageException("gradient of iteration " + newest + " came out of turn");
    }
    peer.heard(outbox.now());
    pace.arrived(peer);
    boolean tooOld = pace.tooOld(tally.iteration, newest);
    if (pace.ordered() && !tooOld) {
      update.hold(peer.id, message);
    } else if (tooOld) { // from a peer that joined or was restored so far behind
      peer.applied(message.header());
      outbox.consumed(peer.id, message.payload());
    } else {
      update.arrived(peer, message, batches.receivedFactor());
      links.applied(peer.id, message);
    }
  }
}
