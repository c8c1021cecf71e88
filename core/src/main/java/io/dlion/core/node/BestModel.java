package io.dlion.core.node;

import io.dlion.core.learn.Evaluation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The model of a worker that did best in the evaluations during training. The segments may be views
 * of live memory, see {@link Checkpoint}.
 *
 * @param evaluation what was found
 * @param iteration of the worker
 * @param samples that all workers had processed by then
 * @param weights float32, of the replica's layout
 * @param buffers float32
 */
public record BestModel(
    Evaluation evaluation,
    long iteration,
    long samples,
    MemorySegment weights,
    MemorySegment buffers) {

  /** The same in memory of its own. */
  BestModel copy() {
    return new BestModel(evaluation, iteration, samples, copy(weights), copy(buffers));
  }

  static MemorySegment copy(MemorySegment values) {
    return MemorySegment.ofArray(values.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
  }
}
