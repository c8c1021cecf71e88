package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.exchange.Exchange;
import io.dlion.core.exchange.Outgoing;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.GradientMessage;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts on each link what it can carry of a worker's gradients (HPDC '21, section 3.3). Confined to
 * its node.
 */
final class Links {
  /** What is sent over a link that has not been measured yet: enough to measure it. */
  private static final long FIRST_BUDGET_BYTES = 64 * 1024;

  private final WorkerId self;
  private final Strategy strategy;
  private final Function<String, Exchange> exchangeOf;
  private final Strategy.Gathering gathering;
  private final Buffers buffers;
  private final Roster roster;
  private final Batches batches;
  private final Tally tally;
  private final Outbox outbox;

  /** One exchange for each group of neighbours. */
  private final SortedMap<String, Exchange> exchanges = new TreeMap<>();

  /** Samples of others that each group has been told of. */
  private final Map<String, Long> relayedSamples = new HashMap<>();

  Links(
      WorkerId self,
      Strategy strategy,
      Function<String, Exchange> exchangeOf,
      Strategy.Gathering gathering,
      Buffers buffers,
      Roster roster,
      Batches batches,
      Tally tally,
      Outbox outbox) {
    this.self = self;
    this.strategy = strategy;
    this.exchangeOf = exchangeOf;
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
   * @param scale what it is multiplied by to become what is sent
   * @param likeness of gradients that were anticipated to those that came, 0 where unknown
   */
  void offer(MemorySegment gradient, float scale, double likeness) {
    tally.offered = tally.iteration;
    exchanges.forEach((group, exchange) -> {
      Map<WorkerId, Long> budgets = new TreeMap<>();
      for (Peer peer : roster.neighbours()) {
        if (group.equals(peer.group) && (peer.ready || exchange.queues())) {
          budgets.put(peer.id, budgetBytes(peer));
        }
      }
      Exchange.Progress progress =
          new Exchange.Progress(
              tally.iteration,
              tally.iterationSamples(),
              tally.samples + relayedSamples.getOrDefault(group, 0L),
              scale,
              batches.noiseScale(),
              likeness,
              batches.receivedFactor());
      exchange
          .computed(gradient, progress, budgets, buffers)
          .forEach((id, message) -> roster.with(id, peer -> send(peer, message)));
    });
  }

  /** A link can take a gradient again: sends what has gathered for it. */
  void resume(Peer peer) {
    Exchange exchange = exchangeOf(peer);
    if (exchange != null) {
      exchange.take(peer.id, budgetBytes(peer), buffers).ifPresent(m -> send(peer, m));
    }
  }

  /** A peer's gradient was applied: counts its samples, and relays it to the other groups. */
  void applied(WorkerId from, GradientMessage message) {
    long samples = roster.applied(from, message.header());
    Peer peer = roster.find(from);
    if (peer != null && peer.isNeighbour()) {
      exchanges.forEach((group, exchange) -> {
        if (!group.equals(peer.group)) {
          exchange.relay(message);
          relayedSamples.merge(group, samples, Long::sum);
        }
      });
    }
  }

  /** These groups of neighbours there are from now on. */
  void groups(Set<String> groups) {
    exchanges.keySet().retainAll(groups);
    groups.forEach(group -> exchanges.computeIfAbsent(group, exchangeOf));
  }

  /** Gradients are exchanged with a peer from now on. */
  void open(Peer peer) {
    Exchange exchange = exchangeOf(peer);
    if (exchange != null) {
      exchange.open(peer.id);
    }
  }

  /** A peer is there no longer, or gradients are exchanged with it no longer. */
  void close(Peer peer) {
    Exchange exchange = exchangeOf(peer);
    if (exchange != null) {
      exchange.close(peer.id);
    }
  }

  private @Nullable Exchange exchangeOf(Peer peer) {
    return peer.group == null ? null : exchanges.get(peer.group);
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
