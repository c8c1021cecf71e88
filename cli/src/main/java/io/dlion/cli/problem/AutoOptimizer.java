package io.dlion.cli.problem;

import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.settings.Options;
import io.dlion.core.settings.Settings;
import io.dlion.engine.ModelSpec;

/** Puts the optimizer and the learning rate that suit a model in the place of {@code auto}. */
final class AutoOptimizer {
  private static final String KIND = "optimizer.kind";
  private static final String LEARNING_RATE = "optimizer.learning-rate";
  private static final String CHARACTER_LSTM = "char-lstm";

  private AutoOptimizer() {}

  static Settings fitted(Settings settings, ModelSpec model) {
    Settings kind =
        settings.isAuto(KIND) ? settings.with(KIND, suiting(model.shape().kind())) : settings;
    return kind.isAuto(LEARNING_RATE)
        ? kind.with(LEARNING_RATE, Double.toString(rate(kind, model)))
        : kind;
  }

  /** Gradients of texts and sequences differ in size from variable to variable. */
  private static String suiting(Kind kind) {
    return kind == Kind.NEXT_SYMBOL ? "adamw" : "sgd";
  }

  private static double rate(Settings settings, ModelSpec model) {
    boolean characterLstm = model.name().equals(CHARACTER_LSTM);
    if (!settings.is(KIND, "sgd")) {
      return characterLstm && settings.is(KIND, "adamw")
          ? Options.ADAPTIVE_LEARNING_RATE_OF_CHARACTER_LSTM
          : Options.ADAPTIVE_LEARNING_RATE;
    }
    boolean local = settings.integer("local.steps") > 0;
    if (characterLstm) {
      return local
          ? Options.LOCAL_LEARNING_RATE_OF_CHARACTER_LSTM
          : Options.LEARNING_RATE_OF_CHARACTER_LSTM;
    }
    boolean regression = model.shape().kind() == Kind.REGRESSION;
    if (!settings.is("server.method", "none")) {
      return regression
          ? Options.CLIENT_LEARNING_RATE_OF_REGRESSIONS
          : Options.CLIENT_LEARNING_RATE;
    }
    if (local) {
      return Options.LOCAL_LEARNING_RATE;
    }
    return regression ? Options.LEARNING_RATE_OF_REGRESSIONS : Options.LEARNING_RATE;
  }
}
