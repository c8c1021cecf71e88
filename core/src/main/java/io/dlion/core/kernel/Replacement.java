package io.dlion.core.kernel;

/** Puts what a peer sent in the place of what a worker had thought it would send. */
public final class Replacement {
  private final float[] expected;
  private final float[] replaced;
  private final float part;
  private final float share;
  private final float scale;
  private final float[] sum;

  /**
   * A replacement, entry by entry:
   *
   * <pre>
   *   e ← part · (expected − replaced)
   *   sum ← sum + scale · value − share · e
   *   replaced ← replaced + e</pre>
   */
  public Replacement(
      float[] expected, float[] replaced, float part, float share, float scale, float[] sum) {
    this.expected = expected;
    this.replaced = replaced;
    this.part = part;
    this.share = share;
    this.scale = scale;
    this.sum = sum;
  }

  /** Replaces the entries number {@code at} to {@code at + count}. */
  public void neighbours(int at, float[] values, int count) {
    neighbours(at, values, count, expected, replaced, part, share, scale, sum);
  }

  // Everything is a local variable here, and only so the loop becomes vector instructions.
  private static void neighbours(
      int at,
      float[] values,
      int count,
      float[] expected,
      float[] replaced,
      float part,
      float share,
      float scale,
      float[] sum) {
    for (int i = 0; i < count; i++) {
      float e = part * (expected[at + i] - replaced[at + i]);
      replaced[at + i] += e;
      sum[at + i] += scale * values[i] - share * e;
    }
  }

  /** Replaces these entries. */
  public void scattered(int[] indices, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      int at = indices[i];
      float e = part * (expected[at] - replaced[at]);
      replaced[at] += e;
      sum[at] += scale * values[i] - share * e;
    }
  }
}
