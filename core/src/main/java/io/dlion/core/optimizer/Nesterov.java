package io.dlion.core.optimizer;

/**
 * Descent with Nesterov momentum, the outer optimizer of DiLoCo (Douillard et al. '23, algorithm 1,
 * line 14) in the form PyTorch uses: {@code v ← μ·v + Δ}, {@code w ← w − η·(Δ + μ·v)}, where Δ
 * takes the gradient's place. With {@code μ = 0} it is plain descent and keeps no velocity; with
 * {@code η = 1} besides, w becomes the mean of the replicas. Not thread safe.
 */
public final class Nesterov implements OuterOptimizer {
  private final float learningRate;
  private final float momentum;
  private final float[] velocity;

  /** An optimizer for {@code size} parameters, at rest. */
  public Nesterov(int size, double learningRate, double momentum) {
    this.learningRate = (float) learningRate;
    this.momentum = (float) momentum;
    this.velocity = new float[momentum == 0 ? 0 : size];
  }

  /** {@code size} floats, none for plain descent. */
  @Override
  public float[] velocity() {
    return velocity;
  }

  @Override
  public boolean weighsSamples() {
    return true;
  }

  /** The distance is what is contributed. */
  @Override
  public void contribute(long round, float[] distance, float[] weights) {}

  /** One step along Δ, the mean distance. */
  @Override
  public void step(float[] update, float[] weights, int from, int to) {
    if (velocity.length == 0) {
      for (int i = from; i < to; i++) {
        weights[i] -= learningRate * update[i];
      }
    } else {
      for (int i = from; i < to; i++) {
        velocity[i] = momentum * velocity[i] + update[i];
        weights[i] -= learningRate * (update[i] + momentum * velocity[i]);
      }
    }
  }
}
