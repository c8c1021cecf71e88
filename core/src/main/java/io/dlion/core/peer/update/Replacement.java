package io.dlion.core.peer.update;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.wire.GradientMessage;
import java.util.function.DoubleSupplier;

/** Puts what a peer sent in the place of what a worker had thought it would send. */
final class Replacement implements GradientMessage.Taker {
  private final float[] until;
  private final float[] replaced;
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
   *   e ← until − replaced
   *   sum ← sum + scale · value − share · e
   *   replaced ← until</pre>
   *
   * @param until what had been anticipated when the message was made
   * @param share asked for when entries are replaced: it may change until then
   * @param likeness is told of {@code weight · share · e} and {@code scale · value}
   */
  Replacement(
      float[] until,
      float[] replaced,
      DoubleSupplier share,
      float scale,
      Likeness likeness,
      float weight) {
    this.until = until;
    this.replaced = replaced;
    this.shares = share;
    this.scale = scale;
    this.likeness = likeness;
    this.weight = weight;
    this.e = new float[Math.min(Blocks.BLOCK, until.length)];
    this.r = new float[e.length];
  }

  @Override
  public void neighbours(int at, float[] values, int count, float[] sum) {
    float share = (float) shares.getAsDouble();
    System.arraycopy(until, at, e, 0, count);
    System.arraycopy(replaced, at, r, 0, count);
    System.arraycopy(e, 0, replaced, at, count);
    replace(values, count, e, r, share, scale, sum);
    likeness.compare(e, weight * share, values, scale, count);
  }

  // Everything is a local variable here, and only so the loop becomes vector instructions.
  private static void replace(
      float[] values,
      int count,
      float[] until,
      float[] replaced,
      float share,
      float scale,
      float[] sum) {
    for (int i = 0; i < count; i++) {
      until[i] -= replaced[i];
      sum[i] += scale * values[i] - share * until[i];
    }
  }

  @Override
  public void scattered(int[] indices, float[] values, int count, float[] sum) {
    float share = (float) shares.getAsDouble();
    for (int i = 0; i < count; i++) {
      int at = indices[i];
      e[i] = until[at] - replaced[at];
      replaced[at] = until[at];
      sum[at] += scale * values[i] - share * e[i];
    }
    likeness.compare(e, weight * share, values, scale, count);
  }
}
