package io.dlion.core.optimizer;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * What a worker makes of its own gradients before they are exchanged, so that what is exchanged can
 * be added to weights as it is (momentum correction: Lin et al., ICLR '18, "Deep Gradient
 * Compression", section 3.1). Its moments are those of the worker's own gradients. Peers' parts are
 * then a sum, to which it does not matter when and in how many pieces they arrive. Not thread safe.
 */
public interface SenderOptimizer {
  /**
   * Takes in the mean gradient of a batch.
   *
   * @param weight what it counts for among all workers' gradients
   */
  void take(MemorySegment gradient, float weight);

  /** What becomes of the gradients, weighted, of the layout; the same memory always. */
  MemorySegment values();

  /** What a former gradient counts for after each further one, in [0, 1). */
  double remembered();

  /** Whether {@link #values} contains each gradient with the weight it had. */
  boolean containsWeights();

  /** What it remembers, by name: live arrays of the layout, {@link #values} among them. */
  Map<String, float[]> memory();

  /** The gradient that was taken last becomes number {@code steps}, the first being 1. */
  default void resume(long steps) {}
}
