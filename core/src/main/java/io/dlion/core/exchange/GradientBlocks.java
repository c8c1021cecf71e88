package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.util.HashMap;
import java.util.Map;

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
public final class GradientBlocks extends LedgerExchange {
  private static final int ENTRIES_MIN = 256;

  private final ParameterLayout layout;
  private final ValueFormat format;

  /** Where each link's next block begins, counted in elements over all variables. */
  private final Map<WorkerId, Integer> next = new HashMap<>();

  /**
   * The method {@code blocks}.
   *
   * @param format of sent values
   */
  public record Rule(ValueFormat format) implements ExchangeRule {
    static Rule of(Settings settings) {
      return new Rule(ExchangeRule.format(settings));
    }

    @Override
    public Exchange open(Terms terms) {
      return new GradientBlocks(terms.layout(), format, terms.seed());
    }
  }

  /**
   * An exchange of blocks.
   *
   * @param seed of stochastic rounding
   */
  public GradientBlocks(ParameterLayout layout, ValueFormat format, long seed) {
    super(layout, format, seed);
    this.layout = layout;
    this.format = format;
  }

  @Override
  double select(WorkerId peer, Pending owed, Progress progress, long budgetBytes, Selection into) {
    int blocks = blocks(budgetBytes);
    int from = next.getOrDefault(peer, 0);
    int end = Math.min(from + Math.ceilDiv(layout.elements(), blocks), layout.elements());
    select(from, end, into);
    next.put(peer, end == layout.elements() ? 0 : end);
    return 100.0 / blocks;
  }

  /** p: the least number of blocks for which one fits. */
  private int blocks(long budgetBytes) {
    if (EncodedSize.whole(layout, format) <= budgetBytes) {
      return 1;
    }
    long fits = EncodedSize.neighbours(layout, format, budgetBytes);
    return (int) Math.ceilDiv((long) layout.elements(), Math.max(ENTRIES_MIN, fits));
  }

  /** Selects the elements number {@code start} to {@code end}, counted over all variables. */
  private void select(int start, int end, Selection into) {
    into.selectNothing();
    int begin = 0; // of the variable, in elements over all variables
    for (int v = 0; v < layout.variables().size(); v++) {
      Variable variable = layout.variables().get(v);
      int from = Math.max(start, begin);
      int to = Math.min(end, begin + variable.count());
      if (from < to) {
        into.selectRange(v, from - begin, to - from);
      }
      begin += variable.count();
    }
  }

  @Override
  public void close(WorkerId peer) {
    super.close(peer);
    next.remove(peer);
  }
}
