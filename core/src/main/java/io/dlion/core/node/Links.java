package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.exchange.Exchange;
import io.dlion.core.exchange.Outgoing;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Control;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts on each link what it can carry of a worker's gradients (HPDC '21, section 3.3). Confined to
 * its node.
 */
final class Links {
  /** What is sent over a link that has not been measured yet: enough to measure it. */
  private static final long FIRST_BUDGET_BYTES = 64 * 1024;

  private final WorkerId self;
  private final Strategy strategy;
  private final Exchange exchange;
  private final Strategy.Gathering gathering;
  private final Buffers buffers;
  private final Roster roster;
  private final Batches batches;
  private final Tally tally;
  private final Outbox outbox;

  Links(
      WorkerId self,
      Strategy strategy,
      Exchange exchange,
      Strategy.Gathering gathering,
      Buffers buffers,
      Roster roster,
      Batches batches,
      Tally tally,
      Outbox outbox) {
    this.self = self;
    this.strategy = strategy;
    this.exchange = exchange;
    this.gathering = gathering;
    this.buffers = buffers;
    this.roster = roster;
    this.batches = batches;
    this.tally = tally;
    this.outbox = outbox;
  }

  /**
   * A gradient was computed: sends of it what the links that are ready can carry.
   *
   * @param gradient what this worker adds to the update
   * @param scale what it is multiplied by to become a sum over samples
   */
  void offer(MemorySegment gradient, float scale) {
    Map<WorkerId, Long> budgets = new TreeMap<>();
    for (Peer peer : roster.peers()) {
      if (peer.ready || exchange.queues()) {
        budgets.put(peer.id, budgetBytes(peer));
      }
    }
    Exchange.Progress progress =
        new Exchange.Progress(
            tally.iteration,
            tally.iterationSamples(),
            tally.samples,
            scale,
            batches.noiseScale(),
            batches.weightFactor());
    tally.offered = tally.iteration;
    exchange
        .computed(gradient, progress, budgets, buffers)
        .forEach((id, message) -> roster.with(id, peer -> send(peer, message)));
  }

  /** A link can take a gradient again: sends what has gathered for it. */
  void resume(Peer peer) {
    exchange.take(peer.id, budgetBytes(peer), buffers).ifPresent(message -> send(peer, message));
  }

  /** A peer is there no longer. */
  void close(WorkerId peer) {
    exchange.close(peer);
  }

  private void send(Peer peer, Outgoing message) {
    peer.ready = false;
    peer.sent = Math.max(peer.sent, message.iteration());
    tally.bytesSent += message.payload().length();
    if (strategy.announcesDelays() && takesLongerThanAnIteration(peer, message)) {
      outbox.send(peer.id, new Control.Barrier(message.iteration()));
    }
    outbox.send(peer.id, message.payload(), Priority.GRADIENT);
    outbox.tell(
        new Report.Sent(
            self,
            outbox.now(),
            peer.id,
            message.iteration(),
            message.n(),
            message.share(),
            message.payload().length(),
            peer.bytesPerSecond == 0 ? 0 : budgetBytes(peer),
            peer.bytesPerSecond));
  }

  private boolean takesLongerThanAnIteration(Peer peer, Outgoing message) {
    return peer.bytesPerSecond > 0
        && message.payload().length() > peer.bytesPerSecond * tally.stepSeconds;
  }

  /**
   * Transmission speed assurance (HPDC '21, section 3.3): what the link carries while this worker
   * computes once, or as many times as a thin link gathers for a message.
   */
  private long budgetBytes(Peer peer) {
    if (peer.bytesPerSecond == 0) {
      return FIRST_BUDGET_BYTES;
    }
    double free = peer.transferring ? 1 - strategy.reservedShare() : 1;
    double bytes = peer.bytesPerSecond * tally.stepSeconds * strategy.budgetShare() * free;
    return (long) (bytes * gathering.iterations(bytes));
  }
}
