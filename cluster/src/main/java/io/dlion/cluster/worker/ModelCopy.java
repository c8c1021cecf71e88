package io.dlion.cluster.worker;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.node.Node;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A worker's model as it was between two steps, in memory of its own.
 *
 * @param precedence how much it counts beside others' models, see {@link io.dlion.core.node.Rank}
 * @param weights flat float32, of the run's layout
 * @param buffers likewise
 */
public record ModelCopy(long precedence, MemorySegment weights, MemorySegment buffers) {
  /** Of a node that computes nothing now. */
  static ModelCopy of(Node node) {
    return new ModelCopy(
        node.rank().precedence(), values(node.model()), values(node.modelBuffers()));
  }

  private static MemorySegment values(MemorySegment of) {
    return MemorySegment.ofArray(of.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
  }

  /** Whether all of it is finite: others are not passed on. */
  public boolean isFinite() {
    return Blocks.allFinite(weights, count(weights)) && Blocks.allFinite(buffers, count(buffers));
  }

  /** How many weights. */
  public int weightCount() {
    return count(weights);
  }

  /** How many buffers. */
  public int bufferCount() {
    return count(buffers);
  }

  private static int count(MemorySegment values) {
    return Math.toIntExact(values.byteSize() / Float.BYTES);
  }
}
