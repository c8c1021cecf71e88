package io.dlion.core.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Stochastic gradient descent with momentum and weight decay, the form PyTorch uses: {@code v ← μ·v
 * + (u + d·w)}, {@code w ← w − η·v}, where u is the weighted gradient of the global batch. Plain
 * SGD ({@code μ = 0}) keeps no velocity. Not thread safe.
 */
public final class Momentum {
  private final float learningRate;
  private final float momentum;
  private final float weightDecay;
  private final float[] velocity;
  private final float[] w = new float[Blocks.BLOCK];
  private final float[] u = new float[Blocks.BLOCK];
  private final float[] other = new float[Blocks.BLOCK];

  /** An optimizer for {@code size} parameters, at rest. */
  public Momentum(int size, double learningRate, double momentum, double weightDecay) {
    this.learningRate = (float) learningRate;
    this.momentum = (float) momentum;
    this.weightDecay = (float) weightDecay;
    this.velocity = new float[momentum == 0 ? 0 : size];
  }

  /** The velocity, for checkpoints: {@code size} floats, none for plain SGD. */
  public float[] velocity() {
    return velocity;
  }

  /**
   * One step. The gradient of the global batch is {@code update + factor · gradient}.
   *
   * @param update the weighted gradients of peers, set to zero by this call; empty where there are
   *     none
   * @param gradient this worker's own mean gradient
   * @param factor its weight
   * @param weights changed in place
   */
  public void step(float[] update, MemorySegment gradient, float factor, MemorySegment weights) {
    int size = (int) (weights.byteSize() / 4);
    for (int at = 0; at < size; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, size - at);
      Blocks.read(weights, at, count, w);
      if (factor == 0) {
        Arrays.fill(u, 0, count, 0f); // the gradient is not looked at: it may be from another batch
      } else {
        Blocks.read(gradient, at, count, u);
        Blocks.scale(u, count, factor);
      }
      if (update.length > 0) {
        System.arraycopy(update, at, other, 0, count);
        Blocks.addScaled(other, count, 1f, u);
        Arrays.fill(update, at, at + count, 0f);
      }
      if (velocity.length == 0) {
        descend(w, u, count, learningRate, weightDecay);
      } else {
        System.arraycopy(velocity, at, other, 0, count);
        accelerate(other, w, u, count, momentum, weightDecay);
        System.arraycopy(other, 0, velocity, at, count);
        Blocks.addScaled(other, count, -learningRate, w);
      }
      Blocks.write(w, count, weights, at);
    }
  }

  private static void accelerate(
      float[] v, float[] w, float[] u, int count, float momentum, float weightDecay) {
    for (int i = 0; i < count; i++) {
      v[i] = momentum * v[i] + (u[i] + weightDecay * w[i]);
    }
  }

  private static void descend(float[] w, float[] u, int count, float rate, float weightDecay) {
    for (int i = 0; i < count; i++) {
      w[i] -= rate * (u[i] + weightDecay * w[i]);
    }
  }
}
