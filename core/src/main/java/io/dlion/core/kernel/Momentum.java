package io.dlion.core.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

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
  private final float[] v = new float[Blocks.BLOCK];

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
   * One step.
   *
   * @param update the parts of the weighted gradient of the global batch
   * @param weights changed in place
   */
  public void step(List<Part> update, MemorySegment weights) {
    int size = (int) (weights.byteSize() / 4);
    for (int at = 0; at < size; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, size - at);
      Arrays.fill(u, 0, count, 0f);
      for (Part part : update) {
        part.addTo(at, count, u);
      }
      Blocks.read(weights, at, count, w);
      if (velocity.length == 0) {
        descend(w, u, count, learningRate, weightDecay);
      } else {
        System.arraycopy(velocity, at, v, 0, count);
        accelerate(v, w, u, count, momentum, weightDecay);
        System.arraycopy(v, 0, velocity, at, count);
        Blocks.addScaled(v, count, -learningRate, w);
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
