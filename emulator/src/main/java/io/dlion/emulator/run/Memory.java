package io.dlion.emulator.run;

import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.learn.Learner.ScoredLoss;
import io.dlion.core.learn.Score;
import io.dlion.core.node.Replica;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What an emulated worker remembers: a replica without a learner. A learner is lent to it for the
 * time of a computation.
 */
final class Memory {
  private final float[] weights;
  private final float[] gradient;
  private final float[] buffers;
  private final float[] nextBuffers;
  private final Replica replica;

  Memory(LearnerPool pool) {
    weights = pool.initialWeights();
    gradient = new float[weights.length];
    buffers = pool.initialBuffers();
    nextBuffers = buffers.clone();
    replica =
        new Replica(
            pool.parameters(),
            MemorySegment.ofArray(weights),
            MemorySegment.ofArray(gradient),
            pool.bufferLayout(),
            MemorySegment.ofArray(buffers));
  }

  /** The same memory, as a node sees it. */
  Replica replica() {
    return replica;
  }

  /**
   * Computes a gradient into this memory; weights and buffers must stay as they are meanwhile.
   *
   * @param fresh how many of {@code rows}, the first ones, are to be scored
   */
  ScoredLoss gradient(Learner learner, Examples examples, int[] rows, long seed, int fresh) {
    lend(learner);
    ScoredLoss loss = learner.gradient(examples, rows, rows.length, seed, fresh);
    MemorySegment.ofArray(gradient).copyFrom(learner.gradient());
    MemorySegment.ofArray(nextBuffers).copyFrom(learner.buffers());
    return loss;
  }

  /** A step that changes nothing. */
  ScoredLoss gradientOfNothing(double loss) {
    Arrays.fill(gradient, 0);
    System.arraycopy(buffers, 0, nextBuffers, 0, buffers.length);
    return new ScoredLoss(loss, Score.NONE);
  }

  /** Takes over the buffers of the last computation, on the emulation's thread. */
  void computed() {
    System.arraycopy(nextBuffers, 0, buffers, 0, buffers.length);
  }

  /** Makes the last gradient one that is not finite. */
  void spoilGradient() {
    gradient[gradient.length / 2] = Float.NaN;
  }

  /** Batch-norm statistics and the like. */
  MemorySegment buffers() {
    return MemorySegment.ofArray(buffers);
  }

  private void lend(Learner learner) {
    learner.weights().copyFrom(MemorySegment.ofArray(weights));
    learner.buffers().copyFrom(MemorySegment.ofArray(buffers));
  }

  /** How far two models are apart: the greatest difference of a weight. */
  double distance(Memory other) {
    double greatest = 0;
    for (int i = 0; i < weights.length; i++) {
      greatest = Math.max(greatest, Math.abs((double) weights[i] - other.weights[i]));
    }
    return greatest;
  }
}
