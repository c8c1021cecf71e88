package io.dlion.cli.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.settings.Options;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.engine.ModelSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code auto} becomes for optimizer and learning rate. */
final class AutoOptimizerTest {
  private static final ExampleShape TEXT = new ExampleShape(List.of(32), Kind.NEXT_SYMBOL, 65);
  private static final ExampleShape IMAGES =
      new ExampleShape(List.of(1, 28, 28), Kind.CLASSIFICATION, 10);
  private static final ExampleShape SERIES =
      new ExampleShape(List.of(100, 1), Kind.CLASSIFICATION, 10);
  private static final ExampleShape FEW = new ExampleShape(List.of(5), Kind.CLASSIFICATION, 2);
  private static final ExampleShape PRICES = new ExampleShape(List.of(5), Kind.REGRESSION, 1);

  @Test
  void textsAreLearnedByAdamWAndImagesAndTablesBySgd() {
    for (Presets.Preset preset : Presets.all()) {
      Settings settings = preset.settings();
      assertThat(kind(settings, "char-lstm", TEXT)).as(preset.name()).isEqualTo("adamw");
      assertThat(kind(settings, "cnn", IMAGES)).as(preset.name()).isEqualTo("sgd");
      assertThat(kind(settings, "mlp", PRICES)).as(preset.name()).isEqualTo("sgd");
      assertThat(kind(settings.with("optimizer.kind", "muon"), "cnn", IMAGES)).isEqualTo("muon");
    }
  }

  @Test
  void sequencesAreLearnedByAdamWIfTheModelIsAnLstm() {
    Settings open = Presets.find("dlion").settings();
    assertThat(kind(open, "lstm", SERIES)).isEqualTo("adamw");
    assertThat(rate(open, "lstm", SERIES)).isEqualTo(0.003);
    assertThat(kind(open, "mlp", SERIES)).isEqualTo("sgd");
    assertThat(rate(open.with("optimizer.kind", "sgd"), "lstm", SERIES)).isEqualTo(0.05);
  }

  @Test
  void theRateOfAnSvmIsStableWithSoManyInputs() {
    Settings open = Presets.find("dlion").settings();
    assertThat(kind(open, "svm", IMAGES)).isEqualTo("sgd");
    assertThat(rate(open, "svm", IMAGES)).isEqualTo(1.0 / 785);
    assertThat(rate(open, "svm", FEW)).isEqualTo(0.05);
    assertThat(rate(Presets.find("diloco").settings(), "svm", FEW)).isEqualTo(0.01);
  }

  @Test
  void theRateIsFittedToModelAndOptimizer() {
    Settings open = Presets.find("dlion").settings();
    assertThat(rate(open, "char-lstm", TEXT)).isEqualTo(0.015);
    assertThat(rate(open.with("optimizer.kind", "muon"), "char-lstm", TEXT)).isEqualTo(0.003);
    assertThat(rate(open.with("optimizer.kind", "sgd"), "char-lstm", TEXT)).isEqualTo(1);
    for (String model : List.of("logistic", "mlp", "cnn-small", "cnn")) {
      assertThat(rate(open, model, IMAGES)).isEqualTo(0.05);
      assertThat(rate(open.with("optimizer.kind", "muon"), model, IMAGES)).isEqualTo(0.003);
    }
    assertThat(rate(open, "mlp", PRICES)).isEqualTo(0.01);
    Settings local = Presets.find("diloco").settings();
    assertThat(rate(local, "cnn", IMAGES)).isEqualTo(0.01);
    assertThat(rate(local.with("optimizer.kind", "sgd"), "char-lstm", TEXT)).isEqualTo(0.2);
    assertThat(rate(Presets.find("sparseloco").settings(), "cnn", IMAGES)).isEqualTo(0.05);
  }

  @Test
  void aRateThatWasChosenStays() {
    Settings chosen = Presets.find("dlion").settings().with("optimizer.learning-rate", "0.3");
    assertThat(rate(chosen, "char-lstm", TEXT)).isEqualTo(0.3);
    assertThat(rate(chosen, "mlp", PRICES)).isEqualTo(0.3);
  }

  @Test
  void theListOfSettingsSaysWhatItBecomes() {
    assertThat(Options.find("optimizer.learning-rate").meaning())
        .contains(
            "0.05",
            "for regressions 0.01",
            "for char-lstm 1.0",
            "for svm at most 1/(inputs + 1)",
            "char-lstm 0.015");
  }

  private static String kind(Settings settings, String model, ExampleShape shape) {
    return AutoOptimizer.fitted(settings, ModelSpec.builtIn(model, shape)).text("optimizer.kind");
  }

  private static double rate(Settings settings, String model, ExampleShape shape) {
    return AutoOptimizer.fitted(settings, ModelSpec.builtIn(model, shape))
        .number("optimizer.learning-rate");
  }
}
