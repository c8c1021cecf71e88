package io.dlion.core.peer.catchup;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Outbox;
import io.dlion.core.peer.batches.Batches;
import io.dlion.core.peer.links.Links;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.wire.Control;

/** Tells peers how far this worker has come, and asks them for the same. Confined to its node. */
public final class Greeting {
  private final Links links;
  private final Batches batches;
  private final Roster roster;
  private final Tally tally;
  private final Outbox outbox;

  /** Nobody has been greeted. */
  public Greeting(Links links, Batches batches, Roster roster, Tally tally, Outbox outbox) {
    this.links = links;
    this.batches = batches;
    this.roster = roster;
    this.tally = tally;
    this.outbox = outbox;
  }

  /**
   * Greets a peer: it need not expect gradients from before now. A guest, who may not know that it
   * is one, is asked to answer.
   */
  public void greet(WorkerId peer) {
    links.leaveOut(peer, tally.offered());
    tell(peer, roster.isGuest(peer));
  }

  /** Up to an iteration a peer need not expect gradients of this worker. */
  public void leaveOut(WorkerId peer, long upTo) {
    links.leaveOut(peer, upTo);
  }

  /** Asks a peer how far it has come. */
  public void ask(WorkerId peer) {
    tell(peer, true);
  }

  /** Tells a peer how far this worker has come, behind the gradients that are under way to it. */
  public void tell(WorkerId peer, boolean asks) {
    Control.Status status = batches.status(links.sent(peer), links.leftOut(peer), asks);
    outbox.sendBehind(peer, status);
  }
}
