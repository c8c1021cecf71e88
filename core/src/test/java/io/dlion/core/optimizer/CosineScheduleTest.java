package io.dlion.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.settings.Settings;
import org.junit.jupiter.api.Test;

class CosineScheduleTest {
  private static final RateSchedule SCHEDULE = new CosineSchedule(0.1, 0.02);

  @Test
  void itRisesThenFallsAlongHalfACosine() {
    assertThat(SCHEDULE.share(0)).isEqualTo(0.02);
    assertThat(SCHEDULE.share(0.05)).isCloseTo(0.51, within(1e-12));
    assertThat(SCHEDULE.share(0.1)).isEqualTo(1);
    assertThat(SCHEDULE.share(0.55)).isCloseTo(0.51, within(1e-12)); // the middle of what is left
    assertThat(SCHEDULE.share(0.325)).isCloseTo(0.02 + 0.98 * (2 + Math.sqrt(2)) / 4, within(1e-9));
    assertThat(SCHEDULE.share(1)).isCloseTo(0.02, within(1e-12));
    assertThat(SCHEDULE.last()).isEqualTo(0.02);
  }

  @Test
  void sharesAreAboveZeroAndAtMostOne() {
    for (double progress = 0; progress <= 1; progress += 1e-3) {
      assertThat(SCHEDULE.share(progress)).isBetween(0.02 - 1e-12, 1.0);
    }
  }

  @Test
  void withoutWarmUpItBeginsInFull() {
    assertThat(new CosineSchedule(0, 0.01).share(0)).isEqualTo(1);
  }

  @Test
  void settingsSayWhatItIs() {
    Settings settings =
        Settings.defaults()
            .with("optimizer.schedule", "cosine")
            .with("optimizer.warm-up", "0.05")
            .with("optimizer.final-rate", "0.1");
    assertThat(RateSchedules.of(settings)).isEqualTo(new CosineSchedule(0.05, 0.1));
    assertThat(RateSchedules.of(Settings.defaults()).changes()).isFalse();
  }
}
