package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.Selection;
import java.util.Arrays;

/**
 * Where the thresholds of one link's next selection will lie, so that few entries are looked at in
 * vain and few variables twice. Norms of gradients differ from batch to batch, and thresholds with
 * them; but in a sample of a variable's blocks, the same every time, about as many entries will be
 * above its threshold as there were, in proportion to the budget. A forecast only saves time: a
 * wrong one changes nothing of what is selected. Not thread safe.
 */
final class Forecast {
  private static final int SAMPLE_EVERY = 32; // blocks
  private static final int SAMPLED_FROM = 2 * SAMPLE_EVERY * Blocks.BLOCK; // entries of a variable
  private static final double MARGIN = 1.15;
  private static final int MARGIN_ENTRIES = 20;
  private static final float LOWERED = 0.75f;
  private static final float LOWERED_WINDOW = 0.9f; // what gathers hardly changes between messages
  private static final float LOWERED_SMALL = 0.5f; // small variables cost little
  private static final float SAMPLE_LOWERED = 0.6f; // a sample costs little, too
  private static final float FORGETTING = 0.9f;

  private final ParameterLayout layout;
  private final int[] sampled; // entries of the last selections that lay in the sample
  private long budgetBytes;
  private float[] magnitudes = {};

  Forecast(ParameterLayout layout) {
    this.layout = layout;
    this.sampled = new int[layout.variables().size()];
  }

  /** Remembers a selection, and sets the floors of the next to a little below its thresholds. */
  void selected(
      Selection selection, float[] thresholds, float[] floors, long budgetBytes, Window window) {
    this.budgetBytes = budgetBytes;
    for (int v = 0; v < floors.length; v++) {
      Variable variable = layout.variables().get(v);
      boolean large = isLarge(variable);
      boolean part = window.shown(variable) < variable.count(); // next time it is another one
      floors[v] = (part ? LOWERED_WINDOW : large ? LOWERED : LOWERED_SMALL) * thresholds[v];
      // A single huge entry takes a variable's share for once: what it had before comes back.
      sampled[v] =
          large && !part ? Math.max(inSample(selection, v), (int) (FORGETTING * sampled[v])) : 0;
    }
  }

  /** Whether a variable is large enough for a sample of it to mean something. */
  static boolean isLarge(Variable v) {
    return v.count() >= SAMPLED_FROM;
  }

  private static int inSample(Selection selection, int v) {
    int[] index = selection.indices();
    int end = selection.firstEntry(v) + selection.entries(v);
    int entries = 0;
    for (int i = selection.firstEntry(v); i < end; i++) {
      entries += index[i] / Blocks.BLOCK % SAMPLE_EVERY == 0 ? 1 : 0;
    }
    return entries;
  }

  /**
   * Moves the floors of large variables to where a sample says they should be.
   *
   * @param sample takes it
   */
  void adjust(Pending source, Scan scan, Selection sample, float[] floors, long budgetBytes) {
    double growth = (double) budgetBytes / this.budgetBytes;
    for (int v = 0; v < floors.length; v++) {
      if (sampled[v] > 0) {
        float least = SAMPLE_LOWERED * floors[v];
        int wanted = (int) (MARGIN * growth * sampled[v]) + MARGIN_ENTRIES;
        collect(source, scan, layout.variables().get(v), least, sample);
        floors[v] = Math.max(least, magnitude(sample, wanted));
      }
    }
  }

  private static void collect(
      Pending source, Scan scan, Variable v, float floor, Selection sample) {
    sample.clear();
    sample.beginVariable();
    for (int from = 0; from < v.count(); from += SAMPLE_EVERY * Blocks.BLOCK) {
      scan.block(source, v, from, floor, sample);
    }
  }

  /** The magnitude that only {@code rank} entries of the sample exceed; 0 if it has no more. */
  private float magnitude(Selection sample, int rank) {
    int count = sample.entries(0);
    if (rank >= count) {
      return 0;
    }
    if (count > magnitudes.length) {
      magnitudes = new float[count + count / 2];
    }
    for (int i = 0; i < count; i++) {
      magnitudes[i] = Math.abs(sample.values()[i]);
    }
    Arrays.sort(magnitudes, 0, count);
    return magnitudes[count - 1 - rank];
  }
}
