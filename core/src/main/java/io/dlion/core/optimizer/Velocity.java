package io.dlion.core.optimizer;

import io.dlion.core.kernel.Blocks;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Momentum correction (Lin et al., ICLR '18, "Deep Gradient Compression", section 3.1): momentum is
 * applied to a worker's own gradients before they are sent, {@code v ← μ·v + f·g}, and v takes the
 * gradient's place in the exchange. Momentum is linear, so where everything arrives at once the
 * update is the same as with momentum at the receiver; but what a thin link delivers late and in
 * one lump is not drawn out over further steps on top of that. Not thread safe.
 */
public final class Velocity implements SenderOptimizer {
  private final double momentum;
  private final float[] velocity;
  private final MemorySegment segment;
  private final float[] block = new float[Blocks.BLOCK];
  private final float[] v = new float[Blocks.BLOCK];

  /** A velocity of {@code size} floats, at rest. */
  public Velocity(int size, double momentum) {
    this.momentum = momentum;
    this.velocity = new float[size];
    this.segment = MemorySegment.ofArray(velocity);
  }

  @Override
  public void take(MemorySegment gradient, float weight) {
    add(gradient, weight);
  }

  /** Takes in the mean gradient of a batch. */
  public void add(MemorySegment gradient, float weight) {
    for (int at = 0; at < velocity.length; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, velocity.length - at);
      Blocks.read(gradient, at, count, block);
      System.arraycopy(velocity, at, v, 0, count);
      accelerate(v, block, count, (float) momentum, weight);
      System.arraycopy(v, 0, velocity, at, count);
    }
  }

  private static void accelerate(float[] v, float[] g, int count, float momentum, float weight) {
    for (int i = 0; i < count; i++) {
      v[i] = momentum * v[i] + weight * g[i];
    }
  }

  /** The velocity, of weighted gradients; the same memory always. */
  @Override
  public MemorySegment values() {
    return segment;
  }

  @Override
  public double remembered() {
    return momentum;
  }

  @Override
  public boolean containsWeights() {
    return true;
  }

  @Override
  public Map<String, float[]> memory() {
    return Map.of("sent-velocity", velocity);
  }
}
