package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.BufferMerge;
import io.dlion.core.report.Report;
import io.dlion.core.transfer.KnowledgeTransfer.Request;
import io.dlion.core.transfer.KnowledgeTransfer;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.WeightsMessage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Direct knowledge transfer (HPDC '21, section 3.4) as a node carries it out: announces losses,
 * asks for weights, hands out its own, and merges what arrives. Weights are read and changed only
 * between iterations. Confined to its node.
 */
final class KnowledgeDesk {
  private final WorkerId self;
  private final KnowledgeTransfer transfer;
  private final CatchUp catchUp;
  private final Replica replica;
  private final Descent descent;
  private final Buffers buffers;
  private final Roster roster;
  private final Tally tally;
  private final Outbox outbox;
  private final Map<WorkerId, Long> wanted = new TreeMap<>();
  private final List<Snapshot> arrived = new ArrayList<>();

  /** Weights that have arrived, and whose they are. */
  private record Snapshot(WorkerId from, WeightsMessage message) {
    /** Whether these are weights that had come already: a model takes too much memory for that. */
    boolean repeats(Snapshot before) {
      return from.equals(before.from) && message.round() == before.message.round();
    }
  }

  KnowledgeDesk(
      WorkerId self,
      KnowledgeTransfer transfer,
      CatchUp catchUp,
      Replica replica,
      Descent descent,
      Buffers buffers,
      Roster roster,
      Tally tally,
      Outbox outbox) {
    this.self = self;
    this.transfer = transfer;
    this.catchUp = catchUp;
    this.replica = replica;
    this.descent = descent;
    this.buffers = buffers;
    this.roster = roster;
    this.tally = tally;
    this.outbox = outbox;
  }

  /** An iteration was applied: announces this worker's loss where a round begins. */
  void iterationEnded() {
    transfer.iterationEnded(tally.iteration, tally.loss).ifPresent(outbox::broadcast);
    decide();
  }

  /** A peer announced its loss of a round. */
  void announced(WorkerId peer, Control.RoundLoss loss) {
    transfer.announced(peer, loss);
    decide();
  }

  /** A peer is there no longer. */
  void gone(WorkerId peer) {
    transfer.gone(peer);
    wanted.remove(peer);
  }

  /** Asks the best worker for its weights, if a round can be decided now. */
  void decide() {
    transfer
        .decide(roster.ids(), tally.iteration, outbox.now())
        .ifPresent(r -> outbox.send(r.from(), new Control.WeightsRequest(r.round())));
  }

  /** A peer asked for the weights of this worker. */
  void requested(WorkerId peer, long round) {
    wanted.put(peer, round);
  }

  /**
   * Sends snapshots to those who asked, between two iterations, where weights and buffers belong
   * together; none while a value is not finite.
   */
  void answerRequests() {
    if (wanted.isEmpty() || !replica.isFinite()) {
      wanted.clear();
      return;
    }
    wanted.forEach((id, round) ->
        roster.with(
            id,
            peer -> {
              if (!peer.transferring) {
                peer.transferring = true;
                outbox.send(id, snapshot(round), Priority.WEIGHTS);
              }
            }));
    wanted.clear();
  }

  private Payload snapshot(long round) {
    return WeightsMessage.encode(
        round,
        tally.iteration,
        replica.layout(),
        replica.weights(),
        replica.bufferLayout(),
        replica.buffers(),
        round == CatchUp.ROUND ? descent.shared() : MemorySegment.NULL,
        buffers);
  }

  /**
   * Weights have arrived.
   *
   * @return whether they were asked for, for the first time, and are kept until {@link #takeOver}
   */
  boolean arrived(WorkerId from, WeightsMessage message) {
    Snapshot snapshot = new Snapshot(from, message);
    boolean expected =
        (catchUp.expects(from, message.round()) || requestFor(snapshot).isPresent())
            && arrived.stream().noneMatch(snapshot::repeats);
    if (expected) {
      arrived.add(snapshot);
    }
    return expected;
  }

  /**
   * Is done with the weights that have arrived.
   *
   * @param merging whether they are merged
   * @param replacing whether this worker can become what a peer was: not while a gradient of its
   *     own has been sent and not been applied; the weights are kept until then
   * @return whether this worker has become what a peer was
   */
  boolean takeOver(boolean merging, boolean replacing) {
    boolean replaced = false;
    for (Iterator<Snapshot> all = arrived.iterator(); all.hasNext(); ) {
      Snapshot snapshot = all.next();
      boolean replaces = merging && catchUp.expects(snapshot.from, snapshot.message.round());
      if (replaces && !replacing) {
        continue;
      }
      all.remove();
      if (replaces) {
        replace(snapshot);
        replaced = true;
      } else if (merging) {
        requestFor(snapshot).ifPresent(request -> merge(snapshot, request));
      }
      outbox.consumed(snapshot.from, snapshot.message.payload());
    }
    return replaced;
  }

  /** Becomes what a peer was. */
  private void replace(Snapshot snapshot) {
    WeightsMessage message = snapshot.message;
    replica.weights().copyFrom(message.weights());
    replica.buffers().copyFrom(message.buffers());
    descent.begin();
    if (message.memory().byteSize() == descent.shared().byteSize()) {
      descent.shared().copyFrom(message.memory());
    }
    catchUp.fetched(message.iteration());
    outbox.tell(
        new Report.Transfer(self, outbox.now(), snapshot.from, message.round(), 1, 0, "caught up"));
  }

  private Optional<Request> requestFor(Snapshot snapshot) {
    return transfer
        .open()
        .filter(r -> r.from().equals(snapshot.from) && r.round() == snapshot.message.round());
  }

  private void merge(Snapshot snapshot, Request request) {
    WeightsMessage message = snapshot.message;
    double lambda = transfer.arrived(snapshot.from, message.round(), tally.iteration);
    if (lambda > 0) {
      Blocks.blend(replica.weights(), message.weights(), replica.layout().size(), (float) lambda);
      BufferMerge.blend(
          replica.bufferLayout(), replica.buffers(), message.buffers(), (float) lambda);
    }
    outbox.tell(
        new Report.Transfer(
            self,
            outbox.now(),
            snapshot.from,
            message.round(),
            lambda,
            outbox.now() - request.atNanos(),
            lambda > 0 ? "merged" : "dropped: too old"));
  }
}
