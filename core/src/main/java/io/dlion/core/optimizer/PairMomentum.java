package io.dlion.core.optimizer;

/**
 * The outer step of NoLoCo (Kolehmainen et al. '25, section 3), of worker k and its partner: with
 * {@code Δ = w_local − w} and means over the two,
 *
 * <pre>
 *   v ← μ·v + η·mean(Δ) + γ·(mean(w) − w_k)
 *   w_k ← w_k + v
 * </pre>
 *
 * <p>No two workers have the same weights; the last term pulls the two together. Both means are of
 * one vector, {@code y = −η·Δ − γ·w}: that is what workers contribute, so a round costs one message
 * of the model's size where the paper has two. With {@code γ = η} it is η times the local weights.
 * Without a partner the term vanishes. Not thread safe.
 */
public final class PairMomentum implements OuterOptimizer {
  private final float learningRate;
  private final float momentum;
  private final float consensusRate;
  private final float[] velocity;

  /**
   * An optimizer for {@code size} parameters, at rest.
   *
   * @param learningRate η
   * @param momentum μ
   * @param consensusRate γ
   */
  public PairMomentum(int size, double learningRate, double momentum, double consensusRate) {
    this.learningRate = (float) learningRate;
    this.momentum = (float) momentum;
    this.consensusRate = (float) consensusRate;
    this.velocity = new float[size];
  }

  @Override
  public float[] velocity() {
    return velocity;
  }

  @Override
  public boolean weighsSamples() {
    return false;
  }

  @Override
  public void contribute(long round, float[] distance, float[] weights) {
    for (int i = 0; i < distance.length; i++) {
      distance[i] = learningRate * distance[i] - consensusRate * weights[i];
    }
  }

  @Override
  public void step(float[] mean, float[] weights, int from, int to) {
    for (int i = from; i < to; i++) {
      velocity[i] = momentum * velocity[i] - mean[i] - consensusRate * weights[i];
      weights[i] += velocity[i];
    }
  }
}
