package io.dlion.core.batching;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Estimates the simple gradient noise scale {@code tr(Σ)/|G|²} in samples (McCandlish et al. '18,
 * "An Empirical Model of Large-Batch Training", section 2.2) from one worker's successive
 * gradients: gradients of independent batches at nearly the same weights have {@code E[g_t ·
 * g_{t+1}] = |G|²}, and {@code E|g|² = |G|² + tr(Σ)/b}. Both are averaged over time on a fixed
 * sample of {@value #SAMPLED} entries, so an estimate costs microseconds. Not thread safe.
 */
public final class GradientNoise {
  private static final int SAMPLED = 16384;
  private static final double DECAY = 0.98;
  private static final int NEEDED = 50;

  private final int stride;
  private final float[] last;
  private double squared;
  private double product;
  private double samples;
  private long seen;

  /** For gradients of {@code size} floats. */
  public GradientNoise(int size) {
    // An odd stride meets all residues of a layout's power-of-two shapes.
    this.stride = Math.max(1, size / SAMPLED) | 1;
    this.last = new float[(size + stride - 1) / stride];
  }

  /** A new mean gradient over {@code batch} samples. */
  public void observe(MemorySegment gradient, int batch) {
    double dot = 0;
    double norm = 0;
    for (int i = 0; i < last.length; i++) {
      float g = gradient.getAtIndex(ValueLayout.JAVA_FLOAT, (long) i * stride);
      dot += (double) g * last[i];
      norm += (double) g * g;
      last[i] = g;
    }
    if (seen++ > 0) {
      squared = DECAY * squared + (1 - DECAY) * norm;
      product = DECAY * product + (1 - DECAY) * dot;
      samples = DECAY * samples + (1 - DECAY) * batch;
    }
  }

  /**
   * The noise scale in samples; 0 while too few gradients have been seen or none of them point
   * anywhere.
   */
  public double scale() {
    if (seen <= NEEDED || product <= 0 || squared <= product) {
      return 0;
    }
    double weight = 1 - StrictMath.pow(DECAY, (double) (seen - 1));
    return samples / weight * (squared - product) / product;
  }
}
