package io.dlion.core.batching;

import java.util.List;

/**
 * Divides the global batch B into local batches. Every worker computes the same division from the
 * same costs, so all implementations are deterministic; batches sum to B exactly and none is below
 * 1.
 */
@FunctionalInterface
public interface Division {
  /**
   * The local batch sizes.
   *
   * @param globalBatch B, at least as many samples as there are workers
   * @param costs the workers' costs, in the order of their ids
   */
  int[] divide(int globalBatch, List<Cost> costs);
}
