package io.dlion.cluster.worker;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.node.Node;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A worker's model as it was between two steps, in memory of its own.
 *
 * @param precedence how much it counts beside others' models, see {@link io.dlion.core.node.Rank}
 * @param weights flat, of the run's layout
 * @param buffers likewise
 */
public record ModelCopy(long precedence, float[] weights, float[] buffers) {
  /** Of a node that computes nothing now. */
  static ModelCopy of(Node node) {
    return new ModelCopy(
        node.rank().precedence(), values(node.model()), values(node.modelBuffers()));
  }

  private static float[] values(MemorySegment of) {
    return of.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  /** Whether all of it is finite: others are not passed on. */
  public boolean isFinite() {
    return Blocks.allFinite(MemorySegment.ofArray(weights), weights.length)
        && Blocks.allFinite(MemorySegment.ofArray(buffers), buffers.length);
  }
}
