package io.dlion.core.online;

/**
 * How much larger batches must be than planned, so that a worker keeps up with its records. Part of
 * the time of a step does not depend on its batch, so larger batches take more samples a second. It
 * grows while more records wait than the next batches will take, and shrinks while few do. Confined
 * to its node.
 */
final class Demand {
  private static final double GROWTH = 1.2;
  private static final double FACTOR_MAX = 8;
  private static final double MANY_BATCHES = 3;
  private static final double FEW_BATCHES = 1;

  private double factor = 1;

  /**
   * A batch was learned from.
   *
   * @param queued records that wait
   * @param samples of the batch
   */
  void observe(long queued, int samples) {
    if (queued > MANY_BATCHES * samples) {
      factor = Math.min(FACTOR_MAX, factor * GROWTH);
    } else if (queued < FEW_BATCHES * samples) {
      factor = Math.max(1, factor / GROWTH);
    }
  }

  /** The batch of the next step, in samples. */
  int batch(int planned) {
    return (int) Math.ceil(planned * factor);
  }
}
