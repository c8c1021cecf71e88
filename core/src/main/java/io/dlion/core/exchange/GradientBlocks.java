package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.EncodedSize;
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
 * Partial gradient exchange of Ako (Watcharapichat et al., SoCC '16, section 3): the gradient is
 * cut into p blocks, and each message carries the next of them, accumulated since that block was
 * last sent on that link. p is the least number of blocks for which one fits the link's budget, so
 * that a link carries about one message per iteration and each entry once in p iterations.
 *
 * <p>At most one message waits for a busy link: it is made when the link is free, of all that has
 * gathered by then. Blocks are counted per link by what was sent, not by iterations: where every
 * second message were skipped and p even, half of the blocks would never be sent. And a block
 * begins where the one before ended: for a constant p these are the p blocks, and when p changes
 * none is left out. The last one before the end of the model may be smaller. Where a budget carries
 * (almost) nothing, a block has {@value #ENTRIES_MIN} entries and waits until it is sent.
 *
 * <p>A residual is kept per link as in {@link Ledger}.
 */
public final class GradientBlocks implements Exchange {
  private static final int ENTRIES_MIN = 256;

  private final ParameterLayout layout;
  private final ValueFormat format;
  private final GradientWriter writer;
  private final Selection selection;
  private final Ledger ledger;
  private final Map<WorkerId, Link> links = new HashMap<>();
  private Progress progress = new Progress(0, 1, 1, 1, 0, 0, 1);

  /** What is known about one link. */
  private static final class Link {
    final Ledger.Account account;

    /** Where its next block begins, counted in elements over all variables. */
    int next;

    /** Whether a message waits. */
    boolean pending;

    Link(Ledger.Account account) {
      this.account = account;
    }
  }

  /**
   * An exchange of blocks.
   *
   * @param seed of stochastic rounding
   */
  public GradientBlocks(ParameterLayout layout, ValueFormat format, long seed) {
    this.layout = layout;
    this.format = format;
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
    Map<WorkerId, Outgoing> messages = new LinkedHashMap<>();
    links.values().forEach(link -> link.pending = true);
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
    int blocks = blocks(budgetBytes);
    select(link, Math.ceilDiv(layout.elements(), blocks));
    return Optional.of(
        new Outgoing(
            writer.write(selection, link.account, progress.header(1), buffers),
            progress.iteration(),
            100.0 / blocks,
            selection.share()));
  }

  /** p: the least number of blocks for which one fits. */
  private int blocks(long budgetBytes) {
    if (EncodedSize.whole(layout, format) <= budgetBytes) {
      return 1;
    }
    long fits = EncodedSize.neighbours(layout, format, budgetBytes);
    return (int) Math.ceilDiv((long) layout.elements(), Math.max(ENTRIES_MIN, fits));
  }

  /** Selects a link's next block, and moves on to the one behind it. */
  private void select(Link link, int size) {
    selection.selectNothing();
    int end = Math.min(link.next + size, layout.elements());
    int begin = 0; // of the variable, in elements over all variables
    for (int v = 0; v < layout.variables().size(); v++) {
      Variable variable = layout.variables().get(v);
      int from = Math.max(link.next, begin);
      int to = Math.min(end, begin + variable.count());
      if (from < to) {
        selection.selectRange(v, from - begin, to - from);
      }
      begin += variable.count();
    }
    link.next = end == layout.elements() ? 0 : end;
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
