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
  private static final String SEQUENCE_LSTM = "lstm";
  private static final String LINEAR_SVM = "svm";

  private AutoOptimizer() {}

  static Settings fitted(Settings settings, ModelSpec model) {
    Settings kind = settings.isAuto(KIND) ? settings.with(KIND, suiting(model)) : settings;
    return kind.isAuto(LEARNING_RATE)
        ? kind.with(LEARNING_RATE, Double.toString(rate(kind, model)))
        : kind;
  }

  /** Gradients of recurrent models differ in size from variable to variable. */
  private static String suiting(ModelSpec model) {
    boolean recurrent =
        model.shape().kind() == Kind.NEXT_SYMBOL || model.name().equals(SEQUENCE_LSTM);
    return recurrent ? "adamw" : "sgd";
  }

  private static double rate(Settings settings, ModelSpec model) {
    if (!settings.is(KIND, "sgd")) {
      return model.name().equals(CHARACTER_LSTM) && settings.is(KIND, "adamw")
          ? Options.ADAPTIVE_LEARNING_RATE_OF_CHARACTER_LSTM
          : Options.ADAPTIVE_LEARNING_RATE;
    }
    // Outer momentum takes what local steps have led to several times over.
    boolean local = settings.integer("local.steps") > 0 && settings.number("outer.momentum") > 0;
    boolean client = !settings.is("server.method", "none");
    double usual = usual(local, client);
    return switch (model.name()) {
      case CHARACTER_LSTM ->
          local
              ? Options.LOCAL_LEARNING_RATE_OF_CHARACTER_LSTM
              : Options.LEARNING_RATE_OF_CHARACTER_LSTM;
      case LINEAR_SVM ->
          Math.min(usual, Options.LEARNING_RATE_OF_SVM / (model.shape().inputElements() + 1));
      default -> !local && model.shape().kind() == Kind.REGRESSION ? ofRegressions(client) : usual;
    };
  }

  private static double usual(boolean local, boolean client) {
    if (client) {
      return Options.CLIENT_LEARNING_RATE;
    }
    return local ? Options.LOCAL_LEARNING_RATE : Options.LEARNING_RATE;
  }

  private static double ofRegressions(boolean client) {
    return client
        ? Options.CLIENT_LEARNING_RATE_OF_REGRESSIONS
        : Options.LEARNING_RATE_OF_REGRESSIONS;
  }
}
