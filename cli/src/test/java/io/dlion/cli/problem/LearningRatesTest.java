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

/** What {@code optimizer.learning-rate=auto} becomes. */
final class LearningRatesTest {
  private static final ExampleShape TEXT = new ExampleShape(List.of(32), Kind.NEXT_SYMBOL, 65);
  private static final ExampleShape IMAGES =
      new ExampleShape(List.of(1, 28, 28), Kind.CLASSIFICATION, 10);
  private static final ExampleShape PRICES = new ExampleShape(List.of(5), Kind.REGRESSION, 1);

  @Test
  void isFittedToTheModelInEveryPresetThatLeavesItOpen() {
    for (Presets.Preset preset : Presets.all()) {
      Settings settings = preset.settings();
      if (settings.isAuto("optimizer.learning-rate")) {
        assertThat(rate(settings, "char-lstm", TEXT)).isEqualTo(1);
        for (String model : List.of("logistic", "mlp", "cnn-small", "cnn")) {
          assertThat(rate(settings, model, IMAGES)).isEqualTo(0.05);
        }
        assertThat(rate(settings, "mlp", PRICES)).isEqualTo(0.01);
      }
    }
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
        .contains("0.05", "for regressions 0.01", "for char-lstm 1.0");
  }

  private static double rate(Settings settings, String model, ExampleShape shape) {
    return LearningRates.fitted(settings, ModelSpec.builtIn(model, shape))
        .number("optimizer.learning-rate");
  }
}
