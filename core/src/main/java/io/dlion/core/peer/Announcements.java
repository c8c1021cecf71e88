package io.dlion.core.peer;

import io.dlion.core.node.Outbox;
import io.dlion.core.peer.batches.Batches;
import io.dlion.core.peer.knowledge.KnowledgeDesk;
import io.dlion.core.peer.knowledge.Snapshots;
import io.dlion.core.peer.pace.Pace;
import io.dlion.core.peer.roster.Peer;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.MalformedMessageException;

/** Passes what peers announce on to those it concerns. Confined to its node. */
final class Announcements {
  private final PeerGradients gradients;
  private final KnowledgeDesk knowledge;
  private final Snapshots snapshots;
  private final Batches batches;
  private final Pace pace;
  private final Arrivals arrivals;
  private final TopologyChoice choice;
  private final Departures departures;
  private final Ending ending;
  private final Outbox outbox;

  Announcements(
      PeerGradients gradients,
      KnowledgeDesk knowledge,
      Snapshots snapshots,
      Batches batches,
      Pace pace,
      Arrivals arrivals,
      TopologyChoice choice,
      Departures departures,
      Ending ending,
      Outbox outbox) {
    this.gradients = gradients;
    this.knowledge = knowledge;
    this.snapshots = snapshots;
    this.batches = batches;
    this.pace = pace;
    this.arrivals = arrivals;
    this.choice = choice;
    this.departures = departures;
    this.ending = ending;
    this.outbox = outbox;
  }

  /** A peer has announced something. */
  void arrived(Peer peer, Control control) throws MalformedMessageException {
    switch (control) {
      case Control.Cost c -> batches.announced(peer.id(), c);
      case Control.RoundLoss c -> knowledge.announced(peer.id(), c);
      case Control.WeightsRequest c -> snapshots.requested(peer.id(), c.round());
      case Control.Accuracy c -> ending.told(peer.id(), c);
      case Control.GlobalBatch c -> batches.decided(c);
      case Control.Token c -> pace.received(peer.id(), c);
      case Control.Barrier c -> pace.received(peer.id(), c);
      case Control.ThinLines _ -> choice.told();
      case Control.Status c -> arrivals.heard(peer, c);
      case Control.Progress c -> gradients.arrived(peer, c);
      case Control.Standing _, Control.NextCommit _ ->
          throw new MalformedMessageException(control.type() + " in a run without a server");
      case Control.Goodbye c -> goodbye(peer, c);
    }
  }

  private void goodbye(Peer peer, Control.Goodbye goodbye) {
    boolean endsRun = goodbye.reason().endsRun();
    departures.departed(peer.id(), !endsRun);
    if (endsRun) {
      ending.finish(goodbye.reason());
    } else {
      outbox.notice(
          Severity.WARNING, peer.id() + " takes part no longer (" + goodbye.reason() + ")");
    }
  }
}
