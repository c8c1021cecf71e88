package io.dlion.core.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategyTest {
  private static double learningRate(Settings settings) {
    return Strategy.of(settings).descent().optimizer().learningRate();
  }

  @Test
  void theBatchIsNotAdjustedMoreOftenThanItIsComputed() {
    Strategy often = Strategy.of(Settings.defaults().with("batching.period", "0.0001"));
    assertThat(often.batching().periodSamples(100, 3)).isEqualTo(96);
    assertThat(often.batching().periodSamples(10_000_000, 3)).isEqualTo(1000);
  }

  @Test
  void aLearningRateThatNobodyFittedToTheDataIsThatOfClassifications() {
    Settings open = Settings.defaults();
    assertThat(learningRate(open)).isEqualTo(0.05);
    assertThat(learningRate(open.with("optimizer.learning-rate", "0.3"))).isEqualTo(0.3);
    assertThat(learningRate(open.with("local.steps", "20"))).isEqualTo(0.01);
    assertThat(learningRate(open.with("optimizer.kind", "adamw"))).isEqualTo(0.003);
  }

  @Test
  void stepsAreSmallerOnAHandfulOfExamples() {
    Strategy strategy = Strategy.of(Settings.defaults().with("optimizer.learning-rate", "0.4"));
    assertThat(strategy.fittedTo(16).descent().optimizer().learningRate())
        .isCloseTo(0.1, within(1e-12));
    assertThat(strategy.fittedTo(64)).isSameAs(strategy);
  }

  /** Moments are a worker's own where peers see only parts of gradients. */
  @ParameterizedTest
  @CsvSource({
    "baseline, sgd, false",
    "baseline, adamw, false",
    "hop, adamw, false",
    "gaia, sgd, true",
    "gaia, adamw, true",
    "ako, sgd, false",
    "ako, adamw, true",
    "dlion, sgd, true",
    "dlion, adamw, true",
    "dlion, muon, true",
    "dlion-paper, sgd, false",
    "dlion-paper, adamw, true",
    "diloco, adamw, false",
    "local, adamw, false"
  })
  void whoseMomentsTheyAre(String preset, String kind, boolean atSender) {
    Settings settings = Presets.find(preset).settings().with("optimizer.kind", kind);
    assertThat(Strategy.of(settings).descent().atSender()).isEqualTo(atSender);
  }

  @ParameterizedTest
  @CsvSource({
    "dlion, exchange.anticipation, on, true",
    "dlion, topology.kind, ring, true",
    "dlion, local.steps, 4, false",
    "dlion, exchange.momentum, receiver, false",
    "dlion, batching.weighting, relative, false",
    "baseline, exchange.anticipation, on, false"
  })
  void whatIsAnticipated(String preset, String key, String value, boolean anticipates) {
    Settings settings = Presets.find(preset).settings().with(key, value);
    assertThat(Strategy.of(settings).anticipates()).isEqualTo(anticipates);
  }
}
