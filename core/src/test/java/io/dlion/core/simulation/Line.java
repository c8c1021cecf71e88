package io.dlion.core.simulation;

import io.dlion.core.Layouts;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Seeds;
import java.util.SplittableRandom;

/**
 * Linear regression in plain Java, the smallest learner there is: {@code y = w·x + b + noise}, mean
 * squared error. Every worker draws an endless stream of examples of its own.
 */
public final class Line {
  public final ParameterLayout layout;
  private final int inputs;
  private final long seed;

  public Line(int inputs, long seed) {
    this.inputs = inputs;
    this.seed = seed;
    this.layout = Layouts.of(inputs, 1);
  }

  private int bias() {
    return layout.variables().get(1).offset();
  }

  private float truth(int i) {
    return (i % 5 - 2) / 2f;
  }

  /** Adds the gradients of some examples at these weights; returns the sum of their losses. */
  public double addGradients(long stream, long position, int samples, float[] w, double[] sums) {
    double loss = 0;
    double[] x = new double[inputs];
    for (long at = position; at < position + samples; at++) {
      SplittableRandom random = new SplittableRandom(Seeds.derive(Seeds.derive(seed, stream), at));
      double error = w[bias()] - 0.5 - 0.1 * random.nextGaussian();
      for (int i = 0; i < inputs; i++) {
        x[i] = random.nextGaussian();
        error += (w[i] - truth(i)) * x[i];
      }
      for (int i = 0; i < inputs; i++) {
        sums[i] += 2 * error * x[i];
      }
      sums[bias()] += 2 * error;
      loss += error * error;
    }
    return loss;
  }

  /**
   * R² of the weights: the variance of y that is not explained is their distance from the truth.
   */
  public Evaluation evaluate(float[] w) {
    double distance = Math.pow(w[bias()] - 0.5, 2) + 0.01;
    double variance = 0.25 + 0.01;
    for (int i = 0; i < inputs; i++) {
      distance += Math.pow(w[i] - truth(i), 2);
      variance += Math.pow(truth(i), 2);
    }
    return new Evaluation(1000, distance, 1 - distance / variance);
  }
}
