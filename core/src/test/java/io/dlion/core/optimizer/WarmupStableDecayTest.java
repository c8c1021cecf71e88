package io.dlion.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.settings.Settings;
import org.junit.jupiter.api.Test;

class WarmupStableDecayTest {
  private static final RateSchedule SCHEDULE = new WarmupStableDecay(0.1, 0.2, 0.02);

  @Test
  void itRisesStaysAndFalls() {
    assertThat(SCHEDULE.share(0)).isEqualTo(0.02);
    assertThat(SCHEDULE.share(0.05)).isCloseTo(0.51, within(1e-12));
    assertThat(SCHEDULE.share(0.1)).isEqualTo(1);
    assertThat(SCHEDULE.share(0.5)).isEqualTo(1);
    assertThat(SCHEDULE.share(0.79)).isEqualTo(1);
    assertThat(SCHEDULE.share(0.9)).isCloseTo(0.51, within(1e-9));
    assertThat(SCHEDULE.share(1)).isCloseTo(0.02, within(1e-12));
    assertThat(SCHEDULE.last()).isEqualTo(0.02);
  }

  @Test
  void sharesAreAboveZeroAndAtMostOne() {
    for (double progress = 0; progress <= 1; progress += 1e-3) {
      assertThat(SCHEDULE.share(progress)).isBetween(0.02 - 1e-12, 1 + 1e-12);
    }
  }

  @Test
  void settingsSayWhatItIs() {
    Settings settings =
        Settings.defaults()
            .with("optimizer.schedule", "warmup-stable-decay")
            .with("optimizer.warm-up", "0.05")
            .with("optimizer.decay", "0.4")
            .with("optimizer.final-rate", "0.1");
    assertThat(RateSchedules.of(settings)).isEqualTo(new WarmupStableDecay(0.05, 0.4, 0.1));
  }
}
