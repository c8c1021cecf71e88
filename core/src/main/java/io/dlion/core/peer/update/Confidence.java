package io.dlion.core.peer.update;

import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * How far a worker trusts that peers' gradients are like its own, κ. It follows c, the mean over
 * workers of the cosine between what was anticipated and what came in its place: {@code κ = clamp(1
 * + c / 0.03, 0.05, 1)}. Of a negative cosine only that part counts which is certain. Confined to
 * its node.
 */
final class Confidence {
  /** A mean cosine of minus that means that nothing is to be anticipated. */
  private static final double CONTRADICTION = 0.03;

  /** Share that is anticipated all the same, so that it shows when gradients are alike again. */
  private static final double MIN = 0.05;

  /** What a step counts for without any confidence. */
  private static final double WEIGHT_MIN = 0.3;

  /**
   * How far it moves with each message: not by much while one is under way, for what it takes the
   * place of is compared as if all had been anticipated with the confidence of now.
   */
  private static final double RATE = 0.02;

  /** Below that people are told of it, and above the other that it has passed. */
  private static final double LOW = 0.5;

  private static final double HIGH = 0.9;

  private double value = 1;
  private boolean low;

  /** κ, the share of what peers' gradients would add, were they like the own, that is taken. */
  double value() {
    return value;
  }

  /** What an own gradient counts for, to this worker and to all. */
  double weight() {
    return WEIGHT_MIN + (1 - WEIGHT_MIN) * value;
  }

  /** A message has come; these are the cosines that workers have found, 0 where one knows none. */
  void heard(DoubleStream cosines) {
    double mean = cosines.filter(cosine -> cosine != 0).average().orElse(0);
    value += RATE * (Math.clamp(1 + mean / CONTRADICTION, MIN, 1) - value);
  }

  /** What people should know of it since they were told last. */
  Optional<String> news() {
    if (low ? value < HIGH : value > LOW) {
      return Optional.empty();
    }
    low = !low;
    return Optional.of(
        low
            ? "workers' gradients contradict each other, as where their data are of different kinds:"
                + " takes smaller steps and anticipates less of peers' gradients"
            : "workers' gradients are alike again: takes full steps");
  }
}
