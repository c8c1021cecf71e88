package io.dlion.core.node;

import io.dlion.core.batching.Cost;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.MalformedMessageException;

/** Takes in what peers announce. Confined to its node. */
final class Announcements {
  private final KnowledgeDesk knowledge;
  private final Batches batches;
  private final Members members;
  private final Ending ending;
  private final Outbox outbox;

  Announcements(
      KnowledgeDesk knowledge, Batches batches, Members members, Ending ending, Outbox outbox) {
    this.knowledge = knowledge;
    this.batches = batches;
    this.members = members;
    this.ending = ending;
    this.outbox = outbox;
  }

  /** A peer has announced something. */
  void arrived(Peer peer, Control control) throws MalformedMessageException {
    switch (control) {
      case Control.Cost c -> peer.costs(new Cost(c.alphaSeconds(), c.betaSeconds()));
      case Control.RoundLoss c -> knowledge.announced(peer.id, c);
      case Control.WeightsRequest c -> knowledge.requested(peer.id, c.round());
      case Control.Accuracy c -> {
        peer.accuracy = c.accuracy();
        peer.without = c.without();
        ending.checkEvaluations();
      }
      case Control.GlobalBatch c -> batches.decided(c);
      case Control.Token c -> peer.token = Math.max(peer.token, c.iteration());
      case Control.Barrier c -> peer.announced = Math.max(peer.announced, c.iteration());
      case Control.Status c -> members.heard(peer, c);
      case Control.Goodbye c -> goodbye(peer, c);
    }
  }

  private void goodbye(Peer peer, Control.Goodbye goodbye) {
    boolean endsRun = goodbye.reason().endsRun();
    members.departed(peer.id, !endsRun);
    if (endsRun) {
      ending.finish(goodbye.reason());
    } else {
      outbox.notice(Severity.WARNING, peer.id + " takes part no longer (" + goodbye.reason() + ")");
    }
  }
}
