package io.dlion.data.partition;

import java.util.SplittableRandom;

/**
 * Draws from Dirichlet distributions by way of Gamma variates, in logarithms so that tiny
 * concentrations do not underflow. {@link StrictMath} makes them the same on every machine.
 */
public final class Dirichlet {
  private Dirichlet() {}

  /**
   * Non-negative weights that sum to 1; components of concentration 0 are 0.
   *
   * @param concentration not negative, at least one positive
   */
  static double[] draw(double[] concentration, SplittableRandom random) {
    double[] weights = new double[concentration.length];
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < weights.length; i++) {
      weights[i] =
          concentration[i] > 0 ? logGamma(concentration[i], random) : Double.NEGATIVE_INFINITY;
      most = Math.max(most, weights[i]);
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = StrictMath.exp(weights[i] - most);
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /**
   * The logarithm of a Gamma variate of this shape and scale 1: Marsaglia and Tsang, "A simple
   * method for generating gamma variables" (2000), section 4; below shape 1 their boost, section 6.
   */
  static double logGamma(double shape, SplittableRandom random) {
    if (shape < 1) {
      return logGamma(shape + 1, random) + StrictMath.log(1 - random.nextDouble()) / shape;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = normal(random);
      double v = 1 + c * x;
      if (v > 0) {
        v = v * v * v;
        double u = 1 - random.nextDouble();
        if (StrictMath.log(u) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
          return StrictMath.log(d * v);
        }
      }
    }
  }

  /** Mean 0, deviation 1 (Box and Muller). */
  public static double normal(SplittableRandom random) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }
}
