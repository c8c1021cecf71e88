package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.Selection;
import java.lang.foreign.MemorySegment;

/**
 * Gaia's significance filter (Hsieh et al., NSDI '17, section 4.2): an entry is significant when
 * what has gathered for it would change its weight by more than a share,
 *
 * <pre>  |U / w| &gt; S / √t,   U = η · f · acc,</pre>
 *
 * where acc is what has gathered and f what that is multiplied by in the update, so that U is what
 * the receiver's weight changes by. Compared as {@code |U| > S_t · |w|}: any change of a weight
 * that is exactly 0 (a bias at the start) is significant, and no change never is.
 *
 * @param share S, in (0, 1]
 * @param learningRate η
 * @param weights of this worker, w
 */
record Significance(double share, double learningRate, MemorySegment weights) {
  /** S_t, for iterations counted from 0. */
  double threshold(long iteration) {
    return share / Math.sqrt(iteration + 1.0);
  }

  /**
   * Selects the significant entries of all variables.
   *
   * @param iteration t, from 0
   * @param factor f
   */
  void select(GradientSource source, long iteration, double factor, Selection into) {
    float[] gathered = new float[Blocks.BLOCK];
    float[] w = new float[Blocks.BLOCK];
    int[] hits = new int[Blocks.BLOCK + 1];
    float limit = (float) (threshold(iteration) / (learningRate * factor));
    into.clear();
    for (Variable v : into.layout().variables()) {
      into.beginVariable();
      for (int from = 0; from < v.count(); from += Blocks.BLOCK) {
        int count = Math.min(Blocks.BLOCK, v.count() - from);
        source.read(v.offset() + from, count, gathered);
        Blocks.read(weights, v.offset() + from, count, w);
        int found = significant(gathered, w, limit, count, hits);
        for (int i = 0; i < found; i++) {
          gathered[i] = gathered[hits[i]]; // never from behind: positions ascend
        }
        into.add(from, hits, gathered, found);
      }
      into.endVariable();
    }
  }

  private static int significant(float[] gathered, float[] w, float limit, int count, int[] hits) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      hits[n] = i;
      n += Math.abs(gathered[i]) > limit * Math.abs(w[i]) ? 1 : 0;
    }
    return n;
  }
}
