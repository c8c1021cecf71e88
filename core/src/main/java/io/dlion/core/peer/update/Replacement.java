package io.dlion.core.peer.update;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.wire.GradientMessage;
import java.util.function.DoubleSupplier;

/** Puts what a peer sent in the place of what a worker had thought it would send. */
final class Replacement implements GradientMessage.Taker {
  private final float[] expected;
  private final float[] replaced;
  private final float part;
  private final DoubleSupplier shares;
  private final float scale;
  private final Likeness likeness;
  private final float weight;
  private final float[] e;
  private final float[] r;

  /**
   * A replacement, entry by entry:
   *
   * <pre>
   *   e ← part · (expected − replaced)
   *   sum ← sum + scale · value − share · e
   *   replaced ← replaced + e</pre>
   *
   * @param share asked for when entries are replaced: it may change until then
   * @param likeness is told of {@code weight · share · e} and {@code scale · value}
   */
  Replacement(
      float[] expected,
      float[] replaced,
      float part,
      DoubleSupplier share,
      float scale,
      Likeness likeness,
      float weight) {
    this.expected = expected;
    this.replaced = replaced;
    this.part = part;
    this.shares = share;
    this.scale = scale;
    this.likeness = likeness;
    this.weight = weight;
    this.e = new float[Math.min(Blocks.BLOCK, expected.length)];
    this.r = new float[e.length];
  }

  @Override
  public void neighbours(int at, float[] values, int count, float[] sum) {
    float share = (float) shares.getAsDouble();
    System.arraycopy(expected, at, e, 0, count);
    System.arraycopy(replaced, at, r, 0, count);
    replace(values, count, e, r, part, share, scale, sum);
    System.arraycopy(r, 0, replaced, at, count);
    likeness.compare(e, weight * share, values, scale, count);
  }

  // Everything is a local variable here, and only so the loop becomes vector instructions.
  private static void replace(
      float[] values,
      int count,
      float[] expected,
      float[] replaced,
      float part,
      float share,
      float scale,
      float[] sum) {
    for (int i = 0; i < count; i++) {
      expected[i] = part * (expected[i] - replaced[i]);
      replaced[i] += expected[i];
      sum[i] += scale * values[i] - share * expected[i];
    }
  }

  @Override
  public void scattered(int[] indices, float[] values, int count, float[] sum) {
    float share = (float) shares.getAsDouble();
    for (int i = 0; i < count; i++) {
      int at = indices[i];
      e[i] = part * (expected[at] - replaced[at]);
      replaced[at] += e[i];
      sum[at] += scale * values[i] - share * e[i];
    }
    likeness.compare(e, weight * share, values, scale, count);
  }
}
