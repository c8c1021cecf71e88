package io.dlion.core.node;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Learner;
import java.lang.foreign.MemorySegment;

/**
 * The memory a node and its engine share. The node changes weights and buffers only while no
 * computation is under way.
 *
 * @param layout of weights and gradient
 * @param weights the parameters, float32
 * @param gradient mean gradient of the last batch, float32
 * @param bufferLayout of the buffers
 * @param buffers batch-norm statistics and the like, float32
 */
public record Replica(
    ParameterLayout layout,
    MemorySegment weights,
    MemorySegment gradient,
    ParameterLayout bufferLayout,
    MemorySegment buffers) {
  /** Whether all weights and buffers are finite: others are neither saved nor sent. */
  public boolean isFinite() {
    return Blocks.allFinite(weights, layout.size())
        && Blocks.allFinite(buffers, bufferLayout.size());
  }

  /** The memory of a learner. */
  public static Replica of(Learner learner) {
    return new Replica(
        learner.parameters(),
        learner.weights(),
        learner.gradient(),
        learner.bufferLayout(),
        learner.buffers());
  }
}
