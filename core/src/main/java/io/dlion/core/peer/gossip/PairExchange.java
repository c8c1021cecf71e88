package io.dlion.core.peer.gossip;

import io.dlion.core.WorkerId;
import io.dlion.core.exchange.Exchange;
import io.dlion.core.exchange.Outgoing;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientMessage;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a worker contributes to a round goes to its partner. All other peers are told how far it is,
 * in the same queue: they count its samples, and whoever takes it for its partner, because it knows
 * other members, does not wait for it. Confined to its node.
 */
public final class PairExchange implements Exchange {
  private final Exchange contributions;
  private final Exchange progress;
  private final Partners partners;

  /**
   * An exchange between pairs.
   *
   * @param contributions what a partner gets
   * @param progress what all others get
   */
  public PairExchange(Exchange contributions, Exchange progress, Partners partners) {
    this.contributions = contributions;
    this.progress = progress;
    this.partners = partners;
  }

  @Override
  public Map<WorkerId, Outgoing> computed(
      MemorySegment gradient, Progress of, Map<WorkerId, Long> budgets, Buffers buffers) {
    Map<WorkerId, Long> partner = new TreeMap<>(budgets);
    partner.keySet().removeIf(partners.needed(of.iteration()).negate());
    Map<WorkerId, Long> others = new TreeMap<>(budgets);
    others.keySet().removeAll(partner.keySet());
    Map<WorkerId, Outgoing> messages =
        new TreeMap<>(contributions.computed(gradient, of, partner, buffers));
    messages.putAll(progress.computed(gradient, of, others, buffers));
    return messages;
  }

  @Override
  public Optional<Outgoing> take(WorkerId peer, long budgetBytes, Buffers buffers) {
    return Optional.empty(); // nothing is kept for a link
  }

  @Override
  public void open(WorkerId peer) {
    contributions.open(peer);
    progress.open(peer);
  }

  @Override
  public void relay(GradientMessage message) {
    throw new IllegalStateException("pairs average in a mesh, where nothing is relayed");
  }

  @Override
  public void close(WorkerId peer) {
    contributions.close(peer);
    progress.close(peer);
  }

  @Override
  public boolean queues() {
    return true;
  }
}
