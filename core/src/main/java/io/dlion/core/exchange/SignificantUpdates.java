package io.dlion.core.exchange;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;

/**
 * Approximate synchronous parallel (Hsieh et al., "Gaia", NSDI '17, section 4): updates gather
 * until they are significant ({@link Significance}); entries that are sent begin again at 0. A
 * message goes out for every iteration, if only to say that there was nothing significant.
 *
 * <p>Gaia gathers once for all its data centers and queues messages on a slow link. Here updates
 * gather per link ({@link Ledger}), which is the same as long as links keep up; on one that does
 * not, what waits is joined and sent as one message when the link is free, so queues are bounded.
 */
public final class SignificantUpdates extends LedgerExchange {
  private final Significance significance;

  /**
   * The method {@code significant}.
   *
   * @param format of sent values
   * @param share S: the relative change of a weight that is significant in the first iteration
   */
  public record Rule(ValueFormat format, double share) implements ExchangeRule {
    static Rule of(Settings settings) {
      return new Rule(ExchangeRule.format(settings), settings.number("exchange.significance"));
    }

    @Override
    public Exchange open(Terms terms) {
      return new SignificantUpdates(
          terms.layout(), format, share, terms.learningRate(), terms.weights(), terms.seed());
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
    super(layout, format, seed);
    this.significance = new Significance(share, learningRate, weights);
  }

  @Override
  double select(WorkerId peer, Pending owed, Progress progress, long budgetBytes, Selection into) {
    significance.select(owed, progress.iteration(), progress.weight(), into);
    return 100 * into.share();
  }
}
