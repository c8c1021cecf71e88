package io.dlion.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.settings.Settings;
import org.junit.jupiter.api.Test;

class StrategyTest {
  @Test
  void aLearningRateThatNobodyFittedToTheDataIsThatOfClassifications() {
    Settings open = Settings.defaults();
    assertThat(new Strategy(open).learningRate()).isEqualTo(0.05);
    assertThat(new Strategy(open.with("optimizer.learning-rate", "0.3")).learningRate())
        .isEqualTo(0.3);
  }
}
