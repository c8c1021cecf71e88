package io.dlion.core.batching;

/**
 * The global batch size after an adjustment point (global batch size controller; HPDC '21, section
 * 3.2). Adjustment points are counted in samples processed by all workers, so that all reach the
 * same size at the same count.
 */
@FunctionalInterface
public interface Growth {
  /**
   * The next global batch size.
   *
   * @param batch B before
   * @param noiseScale the gradient noise scale in samples, 0 where unknown
   */
  int next(int batch, double noiseScale);

  /** No growth. */
  Growth NONE = (batch, noiseScale) -> batch;
}
