package io.dlion.core.exchange;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;

/**
 * Chunked top-k (SparseLoCo, Sarfi et al. '25, algorithm 1): of each chunk of a variable the k
 * entries of the largest magnitude. Their number depends on the layout alone, and with two bits for
 * a value and k = 64 each chunk has a table of its own. The last chunk of a variable is shorter and
 * keeps its share of k, rounded up; a variable of less than a chunk is sent whole. Not thread safe.
 */
final class LargestOfChunks implements ErrorFeedback.Choice {
  private static final int MAGNITUDE = 0x7fffffff; // all bits of a float but its sign

  private final Selection chosen;
  private final int chunk;
  private final int kept;
  private final int[] magnitudes;

  /**
   * The rule, as the settings say.
   *
   * @param format of sent values
   * @param chunk entries in a chunk
   * @param kept entries that are sent of each, k
   * @param feedback how much of what was not sent is added to the next distance, β
   */
  record Rule(ValueFormat format, int chunk, int kept, double feedback) implements ExchangeRule {
    static Rule of(Settings settings) {
      return new Rule(
          ExchangeRule.format(settings),
          settings.smallInteger("exchange.chunk"),
          settings.smallInteger("exchange.chunk-kept"),
          settings.number("exchange.feedback"));
    }

    @Override
    public Exchange open(Terms terms) {
      return new ErrorFeedback(
          terms, new LargestOfChunks(terms.layout(), chunk, kept), format, feedback);
    }

    @Override
    public boolean takesParts() {
      return true;
    }

    @Override
    public boolean sendsAllTheSame() {
      return true;
    }
  }

  LargestOfChunks(ParameterLayout layout, int chunk, int kept) {
    this.chosen = new Selection(layout);
    this.chunk = chunk;
    this.kept = kept;
    this.magnitudes = new int[chunk];
  }

  @Override
  public Selection of(Selection part, float[] owed) {
    chosen.clear();
    for (int v = 0; v < part.layout().variables().size(); v++) {
      Variable variable = part.layout().variables().get(v);
      chosen.beginVariable();
      if (part.isWhole(v) && variable.count() < chunk) {
        chosen.selectWhole(v);
      } else if (part.isWhole(v)) {
        for (int from = 0; from < variable.count(); from += chunk) {
          choose(variable, from, Math.min(chunk, variable.count() - from), owed);
        }
      }
      chosen.endVariable();
    }
    return chosen;
  }

  /** Chooses of a chunk whose first entry has this index within its variable. */
  private void choose(Variable v, int from, int count, float[] owed) {
    int begin = v.offset() + from;
    for (int i = 0; i < count; i++) {
      magnitudes[i] = Float.floatToRawIntBits(owed[begin + i]) & MAGNITUDE;
    }
    int left = (int) Math.ceilDiv((long) kept * count, chunk);
    int least = greatest(left, count);
    int equal = left - above(least, count); // how many of exactly that magnitude are chosen
    for (int i = 0; left > 0; i++) {
      if (magnitudes[i] > least || (magnitudes[i] == least && equal-- > 0)) {
        chosen.add(from + i, owed[begin + i]);
        left--;
      }
    }
  }

  /** The k-th greatest magnitude, bit by bit. */
  private int greatest(int k, int count) {
    int found = 0;
    for (int bit = 1 << 30; bit > 0; bit >>= 1) {
      if (above((found | bit) - 1, count) >= k) {
        found |= bit;
      }
    }
    return found;
  }

  /** How many magnitudes are greater than that. */
  private int above(int magnitude, int count) {
    int above = 0;
    for (int i = 0; i < count; i++) {
      above += (magnitude - magnitudes[i]) >>> 31; // neither is negative; it is vectorised
    }
    return above;
  }
}
