package io.dlion.core.optimizer;

import io.dlion.core.kernel.Part;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/** Changes weights by updates, in the form that PyTorch uses. Not thread safe. */
public interface Optimizer {
  /**
   * One step.
   *
   * @param update the parts of the weighted gradient of the global batch
   * @param weights changed in place
   * @param rates how much of the learning rate it takes
   */
  void step(List<Part> update, MemorySegment weights, Rates rates);

  /** One step with the full learning rate. */
  default void step(List<Part> update, MemorySegment weights) {
    step(update, weights, Rates.FULL);
  }

  /** What it remembers, by name: live arrays of the layout; none for plain descent. */
  Map<String, float[]> memory();

  /** The step that {@link #step} did last becomes number {@code steps}, the first being 1. */
  default void resume(long steps) {}
}
