package io.dlion.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.optimizer.RateSchedule;
import io.dlion.core.optimizer.RateSchedules;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Settings;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RateControlTest {
  private static final long NEVER = Long.MAX_VALUE;
  private static final RateSchedule COSINE =
      RateSchedules.of(
          Settings.defaults()
              .with("optimizer.schedule", "cosine")
              .with("optimizer.warm-up", "0")
              .with("optimizer.final-rate", "0.1"));

  @Test
  void aGoalOfSamplesIsFollowedByThese() {
    RateControl control = new RateControl(COSINE, new Goal(1000, NEVER, 2), Steering.NONE);
    assertThat(control.changes()).isTrue();
    assertThat(control.share(0, 0)).isEqualTo(1);
    assertThat(control.share(500, 5_000_000_000L)).isCloseTo(0.55, within(1e-9));
    assertThat(control.share(1000, 0)).isCloseTo(0.1, within(1e-9));
    assertThat(control.share(1100, 0)).as("behind the end").isCloseTo(0.1, within(1e-9));
  }

  @Test
  void aGoalOfTimeIsFollowedByTheClock() {
    RateControl control = new RateControl(COSINE, new Goal(NEVER, 1000, 2), Steering.NONE);
    assertThat(control.share(1_000_000, 500)).isCloseTo(0.55, within(1e-9));
  }

  @Test
  void whateverIsFurtherCounts() {
    RateControl control = new RateControl(COSINE, new Goal(1000, 1000, 2), Steering.NONE);
    double half = control.share(500, 0);
    assertThat(control.share(0, 500)).isEqualTo(half);
    assertThat(control.share(500, 200)).isEqualTo(half);
    assertThat(control.share(200, 500)).isEqualTo(half);
  }

  @Test
  void withoutALimitTheRateIsHalvedAtPlateausDownToTheLast() {
    RateControl control = new RateControl(COSINE, Goal.NONE, Steering.NONE);
    assertThat(control.share(1_000_000, 1_000_000)).isEqualTo(1);
    control.evaluated(0);
    control.evaluated(1);
    control.evaluated(2);
    assertThat(control.share(0, 0)).isEqualTo(1);
    control.evaluated(3);
    assertThat(control.share(0, 0)).isEqualTo(0.5);
    control.evaluated(4);
    control.evaluated(5);
    control.evaluated(6);
    assertThat(control.share(0, 0)).isEqualTo(0.25);
    for (int without = 7; without < 30; without++) {
      control.evaluated(without);
    }
    assertThat(control.share(0, 0)).isEqualTo(0.1);
  }

  @Test
  void aConstantRateStaysWhatever() {
    RateControl control =
        new RateControl(new RateSchedule.Constant(), new Goal(10, 10, 2), Steering.NONE);
    control.evaluated(3);
    assertThat(control.share(10, 10)).isEqualTo(1);
    assertThat(control.changes()).isFalse();
  }

  @Test
  void plateausSurviveARestart() {
    RateControl control = new RateControl(COSINE, Goal.NONE, Steering.NONE);
    Map<String, String> state = new TreeMap<>();
    control.save(state);
    assertThat(state).isEmpty();
    control.evaluated(3);
    control.save(state);
    RateControl again = new RateControl(COSINE, Goal.NONE, Steering.NONE);
    again.restore(state);
    assertThat(again.share(0, 0)).isEqualTo(0.5);
  }
}
