package io.dlion.cli.problem;

import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.settings.Options;
import io.dlion.core.settings.Settings;
import io.dlion.engine.ModelSpec;

/** Puts the learning rate that suits a model in the place of {@code auto}. */
final class LearningRates {
  private static final String LEARNING_RATE = "optimizer.learning-rate";

  private LearningRates() {}

  static Settings fitted(Settings settings, ModelSpec model) {
    return settings.isAuto(LEARNING_RATE)
        ? settings.with(LEARNING_RATE, Double.toString(of(model)))
        : settings;
  }

  private static double of(ModelSpec model) {
    if (model.name().equals("char-lstm")) {
      return Options.LEARNING_RATE_OF_CHARACTER_LSTM;
    }
    return model.shape().kind() == Kind.REGRESSION
        ? Options.LEARNING_RATE_OF_REGRESSIONS
        : Options.LEARNING_RATE;
  }
}
