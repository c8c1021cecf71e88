package io.dlion.core.peer.knowledge;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.BufferMerge;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Replica;
import io.dlion.core.peer.catchup.CatchUp;
import io.dlion.core.peer.descent.Descent;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.report.Report;
import io.dlion.core.transfer.KnowledgeTransfer;
import io.dlion.core.transfer.KnowledgeTransfer.Request;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.WeightsMessage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Direct knowledge transfer (HPDC '21, section 3.4) as a node carries it out: announces losses,
 * asks for weights, and merges what arrives, or becomes what a peer was. Weights are changed only
 * between iterations. Confined to its node.
 */
public final class KnowledgeDesk {
  private final KnowledgeTransfer transfer;
  private final CatchUp catchUp;
  private final Replica replica;
  private final Descent descent;
  private final Roster roster;
  private final Tally tally;
  private final Outbox outbox;
  private final List<Snapshot> arrived = new ArrayList<>();

  /** Weights that have arrived, and whose they are. */
  private record Snapshot(WorkerId from, WeightsMessage message) {
    /** Whether these are weights that had come already: a model takes too much memory for that. */
    boolean repeats(Snapshot before) {
      return from.equals(before.from) && message.round() == before.message.round();
    }
  }

  /** Nothing has arrived. */
  public KnowledgeDesk(
      KnowledgeTransfer transfer,
      CatchUp catchUp,
      Replica replica,
      Descent descent,
      Roster roster,
      Tally tally,
      Outbox outbox) {
    this.transfer = transfer;
    this.catchUp = catchUp;
    this.replica = replica;
    this.descent = descent;
    this.roster = roster;
    this.tally = tally;
    this.outbox = outbox;
  }

  /** An iteration was applied: announces this worker's loss where a round begins. */
  public void iterationEnded() {
    transfer.iterationEnded(tally.iteration(), tally.loss()).ifPresent(outbox::broadcast);
    decide();
  }

  /** A peer announced its loss of a round. */
  public void announced(WorkerId peer, Control.RoundLoss loss) {
    transfer.announced(peer, loss);
    decide();
  }

  /** A peer has gone. */
  public void gone(WorkerId peer) {
    transfer.gone(peer);
  }

  /** Asks the best worker for its weights, if a round can be decided now. */
  public void decide() {
    transfer
        .decide(roster.ids(), tally.iteration(), outbox.now())
        .ifPresent(r -> outbox.send(r.from(), new Control.WeightsRequest(r.round())));
  }

  /**
   * Weights have arrived.
   *
   * @return whether they were asked for, for the first time, and are kept until {@link #takeOver}
   */
  public boolean arrived(WorkerId from, WeightsMessage message) {
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
  public boolean takeOver(boolean merging, boolean replacing) {
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
    descent.begin(message.iteration());
    takeOver(message.memory());
    catchUp.fetched(message.iteration());
    outbox.tell(
        new Report.Transfer(
            outbox.self(), outbox.now(), snapshot.from, message.round(), 1, 0, "caught up"));
  }

  /** Remembers what the optimizers of all replicas do, if the peer has sent all of that. */
  private void takeOver(MemorySegment memory) {
    List<MemorySegment> own = descent.shared();
    if (memory.byteSize() == own.stream().mapToLong(MemorySegment::byteSize).sum()) {
      long at = 0;
      for (MemorySegment one : own) {
        one.copyFrom(memory.asSlice(at, one.byteSize()));
        at += one.byteSize();
      }
    }
  }

  private Optional<Request> requestFor(Snapshot snapshot) {
    return transfer
        .open()
        .filter(r -> r.from().equals(snapshot.from) && r.round() == snapshot.message.round());
  }

  private void merge(Snapshot snapshot, Request request) {
    WeightsMessage message = snapshot.message;
    double lambda = transfer.arrived(snapshot.from, message.round(), tally.iteration());
    if (lambda > 0) {
      Blocks.blend(replica.weights(), message.weights(), replica.layout().size(), (float) lambda);
      BufferMerge.blend(
          replica.bufferLayout(), replica.buffers(), message.buffers(), (float) lambda);
    }
    outbox.tell(
        new Report.Transfer(
            outbox.self(),
            outbox.now(),
            snapshot.from,
            message.round(),
            lambda,
            outbox.now() - request.atNanos(),
            lambda > 0 ? "merged" : "dropped: too old"));
  }
}
