package io.dlion.core.server;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.BufferMerge;
import io.dlion.core.node.Replica;
import io.dlion.core.wire.CommitMessage;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The model that a server keeps: weights W and buffers. A commit is applied as {@code W ← W − η·U}
 * (ADSP, Hu et al., AAAI '20, section 3). Buffers are averaged, counts among them take the larger
 * number. Confined to its node.
 */
final class GlobalModel {
  private final Replica replica;
  private final float[] weights;
  private final float[] buffers;
  private final float[] block = new float[Blocks.BLOCK];
  private final float[] sum = new float[Blocks.BLOCK];
  private float @Nullable [] kept;
  private float @Nullable [] keptBuffers;
  private long version;

  /** A model in this memory. */
  GlobalModel(Replica replica, float[] weights, float[] buffers, long version) {
    this.replica = replica;
    this.weights = weights;
    this.buffers = buffers;
    this.version = version;
  }

  /** How many commits are in it. */
  long version() {
    return version;
  }

  /** The weights, live. */
  MemorySegment weights() {
    return MemorySegment.ofArray(weights);
  }

  /** The buffers, live. */
  MemorySegment buffers() {
    return MemorySegment.ofArray(buffers);
  }

  /**
   * Applies a commit of a client elsewhere.
   *
   * @param eta η
   * @param share of the client's buffers in the mean
   */
  void apply(CommitMessage commit, double eta, double share) {
    commit.values().addTo(weights, (float) -eta);
    blend(commit.buffers(), share);
  }

  /** Applies a commit of the client in this process: {@code U = base − local}. */
  void apply(
      MemorySegment base, MemorySegment local, MemorySegment buffersOf, double eta, double share) {
    for (int at = 0; at < weights.length; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, weights.length - at);
      Blocks.read(base, at, count, sum);
      Blocks.read(local, at, count, block);
      Blocks.subtract(block, count, sum);
      System.arraycopy(weights, at, block, 0, count);
      Blocks.addScaled(sum, count, (float) -eta, block);
      System.arraycopy(block, 0, weights, at, count);
    }
    blend(buffersOf, share);
  }

  private void blend(MemorySegment from, double share) {
    BufferMerge.blend(replica.bufferLayout(), buffers(), from, (float) share);
    version++;
  }

  /** A commit was left out: versions grow all the same, and say how many have come. */
  void leftOut() {
    version++;
  }

  /** Keeps a copy of it as it is now. */
  void keep() {
    kept = weights.clone();
    keptBuffers = buffers.clone();
  }

  /** It becomes what was kept. */
  void restoreKept() {
    if (kept != null && keptBuffers != null) {
      System.arraycopy(kept, 0, weights, 0, weights.length);
      System.arraycopy(keptBuffers, 0, buffers, 0, buffers.length);
      version++;
    }
  }
}
