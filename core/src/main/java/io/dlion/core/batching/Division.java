package io.dlion.core.batching;

import java.util.List;

/**
 * Divides the global batch B into local batches. Every worker computes the same division from the
 * same costs, so all implementations are deterministic; batches sum to B exactly and none is below
 * the least that the model can learn from.
 */
@FunctionalInterface
public interface Division {
  /**
   * The local batch sizes.
   *
   * @param globalBatch B, at least {@code least} samples for each worker
   * @param least the least local batch, in samples, at least 1
   * @param costs the workers' costs, in the order of their ids
   */
  int[] divide(int globalBatch, int least, List<Cost> costs);
}
