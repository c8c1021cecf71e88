package io.dlion.core.optimizer;

/**
 * Delayed Nesterov momentum (Liu et al. '24, "Asynchronous Local-SGD Training for Language
 * Modeling", the delayed Nesterov update with activation c = 0) without a server. The paper's
 * server adds each distance at once and lets its momentum act once in N arrivals. Here each worker
 * has the momentum of its own distances, and what it makes of them is exchanged:
 *
 * <pre>
 *   m ← β·m + Σ Δ      over its last D rounds, once in D rounds
 *   u = η·Δ            and η·β·m besides in the last of D rounds
 *   w ← w − Σ u        over all workers, in any order
 * </pre>
 *
 * <p>Δ is weighted before ({@code b_k / Σ b}), so the weights of n workers with D = 1 add up to the
 * paper's N = n. Momentum is linear: where all arrives at once it is the outer step of {@link
 * Nesterov}. And w is a sum, so workers to which the same has come have the same w, whatever the
 * order and however late it came. Not thread safe.
 */
public final class DelayedNesterov implements OuterOptimizer {
  private final float learningRate;
  private final float momentum;
  private final int delay;
  private final float[] velocity;

  /**
   * An optimizer for {@code size} parameters, at rest.
   *
   * @param learningRate η
   * @param momentum β
   * @param delay D, in rounds
   */
  public DelayedNesterov(int size, double learningRate, double momentum, int delay) {
    this.learningRate = (float) learningRate;
    this.momentum = (float) momentum;
    this.delay = delay;
    this.velocity = new float[momentum == 0 ? 0 : size];
  }

  /** {@code size} floats, none without momentum. */
  @Override
  public float[] velocity() {
    return velocity;
  }

  @Override
  public boolean isShared() {
    return false; // it is of the worker's own distances
  }

  /** The sender has weighted them. */
  @Override
  public boolean weighsSamples() {
    return false;
  }

  @Override
  public void contribute(long round, float[] distance, float[] weights) {
    long place = round % delay;
    float kept = place == 0 ? momentum : 1;
    float shown = place == delay - 1 ? momentum : 0;
    for (int i = 0; i < velocity.length; i++) {
      velocity[i] = kept * velocity[i] + distance[i];
      distance[i] += shown * velocity[i];
    }
    for (int i = 0; i < distance.length; i++) {
      distance[i] *= learningRate;
    }
  }

  /** Takes off what all have contributed. */
  @Override
  public void step(float[] sum, float[] weights, int from, int to) {
    for (int i = from; i < to; i++) {
      weights[i] -= sum[i];
    }
  }
}
