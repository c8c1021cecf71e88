package io.dlion.core.peer;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Replica;
import io.dlion.core.peer.knowledge.KnowledgeDesk;
import io.dlion.core.peer.roster.Peer;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.WeightsMessage;

/**
 * Opens messages and passes them on to where they belong. What is malformed or out of turn is
 * counted, spoken of now and then, and dropped. Confined to its node.
 */
final class Inbound {
  private final Replica replica;
  private final Roster roster;
  private final PeerGradients gradients;
  private final KnowledgeDesk knowledge;
  private final Announcements announcements;
  private final Outbox outbox;
  private long rejected;

  Inbound(
      Replica replica,
      Roster roster,
      PeerGradients gradients,
      KnowledgeDesk knowledge,
      Announcements announcements,
      Outbox outbox) {
    this.replica = replica;
    this.roster = roster;
    this.gradients = gradients;
    this.knowledge = knowledge;
    this.announcements = announcements;
    this.outbox = outbox;
  }

  /** Takes a message; says at once that it is done with the payload, unless it is kept. */
  void received(WorkerId from, Payload payload) {
    Peer peer = roster.findAny(from);
    boolean kept = false;
    if (peer != null) {
      try {
        kept = open(peer, payload);
      } catch (MalformedMessageException bad) {
        reject(peer, bad);
      }
    }
    if (!kept) {
      outbox.consumed(from, payload);
    }
  }

  /** Returns whether somebody else says when the payload is done with. */
  private boolean open(Peer peer, Payload payload) throws MalformedMessageException {
    MessageType type = Frame.open(payload, replica.layout().fingerprint());
    return switch (type) {
      case GRADIENT -> {
        GradientMessage gradient = GradientMessage.parse(payload, replica.layout());
        if (roster.isGuest(peer.id())) {
          yield false;
        }
        gradients.arrived(peer, gradient);
        yield true;
      }
      case WEIGHTS ->
          knowledge.arrived(
              peer.id(), WeightsMessage.parse(payload, replica.layout(), replica.bufferLayout()));
      case COMMIT, MODEL, PROBE, STREAM ->
          throw new MalformedMessageException(type + " in a run without a server");
      default -> {
        announcements.arrived(peer, Control.parse(payload, type));
        yield false;
      }
    };
  }

  private void reject(Peer peer, MalformedMessageException bad) {
    rejected++;
    if (Long.bitCount(rejected) == 1) { // the 1st, 2nd, 4th, 8th …
      outbox.notice(
          Severity.WARNING,
          "dropped a message from "
              + peer.id()
              + ": "
              + bad.getMessage()
              + " ("
              + rejected
              + " so far)");
    }
  }
}
