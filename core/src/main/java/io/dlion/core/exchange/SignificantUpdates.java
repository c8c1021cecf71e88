package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Approximate synchronous parallel (Hsieh et al., "Gaia", NSDI '17, section 4): updates gather
 * until they are significant ({@link Significance}); entries that are sent begin again at 0. A
 * message goes out for every iteration, if only to say that there was nothing significant.
 *
 * <p>Gaia gathers once for all its data centers and queues messages on a slow link. Here updates
 * gather per link ({@link Ledger}), which is the same as long as links keep up; on one that does
 * not, what waits is joined and sent as one message when the link is free, so queues are bounded.
 */
public final class SignificantUpdates implements Exchange {
  private final Significance significance;
  private final GradientWriter writer;
  private final Selection selection;
  private final Ledger ledger;
  private final Map<WorkerId, Link> links = new HashMap<>();
  private Progress progress = new Progress(0, 1, 1, 1, 0, 0, 1);

  /** What is known about one link. */
  private static final class Link {
    final Ledger.Account account;

    /** Whether an iteration has ended since the last message. */
    boolean pending;

    Link(Ledger.Account account) {
      this.account = account;
    }
  }

  /**
   * An exchange of significant updates.
   *
   * @param share S: the relative change of a weight that is significant in the first iteration
   * @param learningRate η
   * @param weights of this worker
   * @param seed of stochastic rounding
   */
  public SignificantUpdates(
      ParameterLayout layout,
      ValueFormat format,
      double share,
      double learningRate,
      MemorySegment weights,
      long seed) {
    this.significance = new Significance(share, learningRate, weights);
    this.writer = new GradientWriter(format, seed);
    this.selection = new Selection(layout);
    this.ledger = new Ledger(layout);
  }

  @Override
  public Map<WorkerId, Outgoing> computed(
      MemorySegment gradient, Progress progress, Map<WorkerId, Long> budgets, Buffers buffers) {
    this.progress = progress;
    budgets.keySet().forEach(this::open);
    ledger.add(gradient, progress.scale());
    ledger.complete();
    links.values().forEach(link -> link.pending = true);
    Map<WorkerId, Outgoing> messages = new LinkedHashMap<>();
    budgets.forEach((peer, budget) ->
        take(peer, budget, buffers).ifPresent(message -> messages.put(peer, message)));
    return messages;
  }

  @Override
  public Optional<Outgoing> take(WorkerId peer, long budgetBytes, Buffers buffers) {
    Link link = links.get(peer);
    if (link == null || !link.pending) {
      return Optional.empty();
    }
    link.pending = false;
    significance.select(link.account, progress.iteration(), progress.weight(), selection);
    double share = selection.share();
    return Optional.of(
        new Outgoing(
            writer.write(selection, link.account, progress.header(1), buffers),
            progress.iteration(),
            100 * share,
            share));
  }

  @Override
  public void open(WorkerId peer) {
    links.computeIfAbsent(peer, p -> new Link(ledger.open()));
  }

  @Override
  public void relay(GradientMessage message) {
    ledger.add(message);
  }

  @Override
  public void close(WorkerId peer) {
    links.remove(peer);
  }

  @Override
  public boolean queues() {
    return false;
  }
}
