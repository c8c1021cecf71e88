package io.dlion.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.settings.Settings;
import org.junit.jupiter.api.Test;

class StrategyTest {
  @Test
  void theBatchIsNotAdjustedMoreOftenThanItIsComputed() {
    Strategy often = new Strategy(Settings.defaults().with("batching.period", "0.0001"));
    assertThat(often.batching(100, 3, 1000, true, 1).periodSamples()).isEqualTo(96);
    assertThat(often.batching(10_000_000, 3, 1000, true, 1).periodSamples()).isEqualTo(1000);
  }

  @Test
  void aLearningRateThatNobodyFittedToTheDataIsThatOfClassifications() {
    Settings open = Settings.defaults();
    assertThat(new Strategy(open).learningRate()).isEqualTo(0.05);
    assertThat(new Strategy(open.with("optimizer.learning-rate", "0.3")).learningRate())
        .isEqualTo(0.3);
  }
}
