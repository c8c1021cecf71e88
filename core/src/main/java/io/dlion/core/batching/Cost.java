package io.dlion.core.batching;

import java.util.Collection;

/**
 * How long a worker takes for a step: {@code time(b) = alpha + beta · b}.
 *
 * @param alphaSeconds what a step takes whatever its batch, at least 0
 * @param betaSeconds time per sample, more than 0
 */
public record Cost(double alphaSeconds, double betaSeconds) {
  /** Checks the bounds. */
  public Cost {
    if (!(alphaSeconds >= 0) || !(betaSeconds > 0)) {
      throw new IllegalArgumentException(
          "cost of a step: alpha " + alphaSeconds + ", beta " + betaSeconds);
    }
  }

  /** Time of a step on {@code samples} samples. */
  public double seconds(double samples) {
    return alphaSeconds + betaSeconds * samples;
  }

  /** The mean of both parts over some costs, at least one. */
  public static Cost mean(Collection<Cost> costs) {
    return new Cost(
        costs.stream().mapToDouble(Cost::alphaSeconds).average().orElseThrow(),
        costs.stream().mapToDouble(Cost::betaSeconds).average().orElseThrow());
  }

  /** Both parts multiplied. */
  public Cost times(double factor) {
    return new Cost(factor * alphaSeconds, factor * betaSeconds);
  }
}
