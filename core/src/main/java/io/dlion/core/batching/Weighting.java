package io.dlion.core.batching;

/**
 * How much gradients of unequal batches count (HPDC '21, section 3.2): the factor in the update of
 * a sum over samples, {@code b_j · g_j}.
 */
public enum Weighting {
  /** {@code b_j / B}: the mean over the global batch when all gradients arrive in full. */
  SAMPLES,
  /** {@code b_j / b_k · 1/n}: each receiver's own batch is the reference. */
  RELATIVE;

  /**
   * Factor of a sum over samples.
   *
   * @param globalBatch B, in samples
   * @param ownBatch the receiver's b_k, in samples
   * @param workers n
   */
  public float factor(int globalBatch, int ownBatch, int workers) {
    return switch (this) {
      case SAMPLES -> 1f / globalBatch;
      case RELATIVE -> 1f / ((float) ownBatch * workers);
    };
  }
}
