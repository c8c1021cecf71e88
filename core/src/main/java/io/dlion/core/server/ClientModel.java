package io.dlion.core.server;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Part;
import io.dlion.core.node.Replica;
import io.dlion.core.optimizer.Optimizer;
import io.dlion.core.optimizer.Rates;
import io.dlion.core.wire.GradientSource;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A client's weights: what it began with, W, and where local steps have led from there, w. A commit
 * carries {@code U = W − w}, and what rounding has kept back of the commits before (error feedback;
 * Seide '14). Confined to its node.
 */
final class ClientModel implements GradientSource {
  private final Replica replica;
  private final Optimizer optimizer;
  private final boolean overlaps;

  /** W; where steps go on during a commit, what the weights were when it was made. */
  private final float[] base;

  private final float[] baseBuffers;

  /** The global model, where {@code base} is not it. */
  private final float[] held;

  /** What rounding has kept back; empty where nothing is rounded. */
  private final float[] residual;

  private final float[] other = new float[Blocks.BLOCK];
  private final float[] exact = new float[Blocks.BLOCK];
  private float[] incoming = {};
  private long term;
  private long version;
  private int steps;

  /**
   * A client that has the initial weights.
   *
   * @param rounds whether commits are rounded
   * @param overlaps whether steps go on until a commit is answered
   */
  ClientModel(Replica replica, Optimizer optimizer, boolean rounds, boolean overlaps) {
    this.replica = replica;
    this.optimizer = optimizer;
    this.overlaps = overlaps;
    int size = replica.layout().size();
    base = new float[size];
    baseBuffers = new float[replica.bufferLayout().size()];
    held = new float[overlaps ? size : 0];
    residual = new float[rounds ? size : 0];
    hold();
  }

  private void hold() {
    MemorySegment.ofArray(base).copyFrom(replica.weights());
    MemorySegment.ofArray(baseBuffers).copyFrom(replica.buffers());
    if (overlaps) {
      System.arraycopy(base, 0, held, 0, base.length);
    }
  }

  /** The term of the server that the global model held here is of; 0 for the initial one. */
  long term() {
    return term;
  }

  /** The version of the global model held here. */
  long version() {
    return version;
  }

  /** Local steps since the last commit. */
  int steps() {
    return steps;
  }

  /** The newest global model held here. */
  MemorySegment global() {
    return MemorySegment.ofArray(overlaps ? held : base);
  }

  /** Its buffers. */
  MemorySegment globalBuffers() {
    return MemorySegment.ofArray(baseBuffers);
  }

  /**
   * The global model, for this member to serve.
   *
   * @param trains whether it also trains; else it needs no memory of its own for both
   */
  GlobalModel toServe(boolean trains) {
    float[] global = overlaps ? held : base;
    return trains
        ? new GlobalModel(replica, global.clone(), baseBuffers.clone(), version)
        : new GlobalModel(replica, global, baseBuffers, version);
  }

  /** W of the commit to come. */
  MemorySegment base() {
    return MemorySegment.ofArray(base);
  }

  Optimizer optimizer() {
    return optimizer;
  }

  /** A local step along the gradient in the replica. */
  void step(double rate) {
    optimizer.step(
        List.of(Part.of(replica.gradient(), 1)), replica.weights(), new Rates(rate, rate));
    steps++;
  }

  /** A commit was made: the next one begins here. */
  void committed() {
    steps = 0;
    if (overlaps) {
      MemorySegment.ofArray(base).copyFrom(replica.weights());
    }
  }

  /** The replica is the initial model, or that of a checkpoint. */
  void restored(long ofTerm, long ofVersion) {
    term = ofTerm;
    version = ofVersion;
    steps = 0;
    hold();
  }

  /** Where a model that arrives is to be put before it is {@link #adopt adopted}. */
  float[] incoming() {
    if (incoming.length == 0) {
      incoming = new float[base.length];
    }
    return incoming;
  }

  /**
   * Goes on from {@link #incoming}. Steps that are in no commit yet are kept: {@code w ← w + (W' −
   * W)}.
   */
  void adopt(MemorySegment buffers, long ofTerm, long ofVersion) {
    MemorySegment model = MemorySegment.ofArray(incoming());
    if (steps == 0 && !overlaps) {
      replica.weights().copyFrom(model);
    } else {
      move();
    }
    if (steps == 0) {
      replica.buffers().copyFrom(buffers);
    }
    System.arraycopy(incoming, 0, base, 0, base.length);
    if (overlaps) {
      System.arraycopy(incoming, 0, held, 0, base.length);
    }
    MemorySegment.ofArray(baseBuffers).copyFrom(buffers);
    term = ofTerm;
    version = ofVersion;
  }

  private void move() {
    float[] sum = exact;
    for (int at = 0; at < base.length; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, base.length - at);
      Blocks.read(replica.weights(), at, count, sum);
      System.arraycopy(base, at, other, 0, count);
      Blocks.subtract(other, count, sum);
      System.arraycopy(incoming, at, other, 0, count);
      Blocks.addScaled(other, count, 1, sum);
      Blocks.write(sum, count, replica.weights(), at);
    }
  }

  /** Gives up local steps: the replica becomes this model, that of the run. */
  void become(MemorySegment weights, MemorySegment buffers, long ofTerm, long ofVersion) {
    replica.weights().copyFrom(weights);
    replica.buffers().copyFrom(buffers);
    restored(ofTerm, ofVersion);
  }

  // ---- U, and what is kept back of it

  @Override
  public void read(int offset, int count, float[] block) {
    System.arraycopy(base, offset, block, 0, count);
    Blocks.read(replica.weights(), offset, count, other);
    Blocks.subtract(other, count, block);
    if (residual.length > 0) {
      System.arraycopy(residual, offset, other, 0, count);
      Blocks.addScaled(other, count, 1, block);
    }
  }

  @Override
  public void sent(int offset, int count, float[] block) {
    if (residual.length > 0) {
      read(offset, count, exact);
      for (int i = 0; i < count; i++) {
        residual[offset + i] = exact[i] - block[i];
      }
    }
  }

  @Override
  public void sent(int offset, int[] indices, float[] values, int first, int end) {
    throw new IllegalStateException("a commit is whole");
  }
}
