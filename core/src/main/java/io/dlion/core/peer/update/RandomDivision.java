package io.dlion.core.peer.update;

/**
 * How unlike gradients of workers become although their data is divided at random. Where the loss
 * over all D examples is least, the mean gradients of n equal parts add up to zero, so each of them
 * contradicts the others: two of them have the product {@code −tr(Σ) / D}, with Σ the covariance of
 * single gradients. What workers exchange is the sum over a window of S samples, which is mostly
 * noise of square {@code tr(Σ) / S}. So the cosine is about {@code −S / D}, and {@code −1 / (n −
 * 1)} where the window covers a worker's whole part.
 *
 * @param trainingExamples D
 * @param momentum μ of the gradients that are exchanged; a velocity is as noisy as a sum over (1 +
 *     μ) / (1 − μ) batches
 */
public record RandomDivision(long trainingExamples, double momentum) {
  /** The window of samples is an estimate: it may be larger by that. */
  private static final double MARGIN = 2;

  /**
   * The least cosine to be expected, at most 0.
   *
   * @param workers n
   * @param batch samples of one gradient
   * @param gathered samples since an entry was sent last
   */
  double cosine(int workers, double batch, double gathered) {
    double window = batch * (1 + momentum) / (1 - momentum) + gathered;
    return workers < 2 ? 0 : -Math.min(MARGIN * window / trainingExamples, 1.0 / (workers - 1));
  }
}
