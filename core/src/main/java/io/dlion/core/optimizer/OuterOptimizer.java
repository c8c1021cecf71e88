package io.dlion.core.optimizer;

/**
 * What the outer step of local steps makes of what workers contribute to a round. Not thread safe.
 */
public interface OuterOptimizer {
  /** What it remembers of each parameter, for checkpoints; empty if nothing. */
  float[] velocity();

  /** Whether a contribution counts by the samples behind it; else all count the same. */
  boolean weighsSamples();

  /**
   * Makes of the distance that a worker went what it contributes.
   *
   * @param round its number
   * @param distance {@code w − w_local}, changed in place
   * @param weights w, where the round began
   */
  void contribute(long round, float[] distance, float[] weights);

  /** Whether what it remembers is the same in all replicas, and goes to late joiners. */
  default boolean isShared() {
    return true;
  }

  /**
   * One step of the parameters number {@code from} to {@code to}, exclusive.
   *
   * @param mean of the contributions, as long as the weights
   * @param weights changed in place
   */
  void step(float[] mean, float[] weights, int from, int to);
}
