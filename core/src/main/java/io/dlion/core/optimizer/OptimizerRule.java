package io.dlion.core.optimizer;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.settings.Settings;

/**
 * An optimizer with its parameters, as the settings {@code optimizer.*} say. Each reads its own.
 */
public interface OptimizerRule {
  /**
   * The step size η that the settings say.
   *
   * @param auto what it is where they leave it open
   */
  static double learningRate(Settings settings, double auto) {
    return settings.isAuto("optimizer.learning-rate")
        ? auto
        : settings.number("optimizer.learning-rate");
  }

  /**
   * The weight decay that the settings say.
   *
   * @param auto what it is where they leave it open
   */
  static double weightDecay(Settings settings, double auto) {
    return settings.isAuto("optimizer.weight-decay")
        ? auto
        : settings.number("optimizer.weight-decay");
  }

  /** The step size η. */
  double learningRate();

  /** The same with the step size multiplied. */
  OptimizerRule scaled(double factor);

  /** Whether it makes anything of former gradients. */
  boolean remembers();

  /**
   * Whether a step is proportional to the update: only then may a part of an update that arrives
   * later be added later.
   */
  boolean isLinear();

  /** An optimizer of the weighted gradient of the global batch, at rest. */
  Optimizer atReceiver(ParameterLayout layout);

  /** An optimizer of a worker's own gradients, at rest. */
  SenderOptimizer atSender(ParameterLayout layout);

  /** Applies what {@link #atSender} has made of all workers' gradients, and weight decay. */
  Optimizer behindSenders(ParameterLayout layout);
}
