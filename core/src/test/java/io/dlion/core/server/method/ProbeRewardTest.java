package io.dlion.core.server.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProbeRewardTest {
  private static final double[] SECONDS = {0, 10, 20, 30, 40, 50, 60, 70};

  private static ProbeReward of(double target, double... losses) {
    return ProbeReward.of(SECONDS, losses, target);
  }

  /** Of the curve {@code 1/(speed·t + 0.5) + 0.3}. */
  private static ProbeReward curve(double speed, double target) {
    return of(target, Arrays.stream(SECONDS).map(t -> 1 / (speed * t + 0.5) + 0.3).toArray());
  }

  @Test
  void theRewardIsThatOfTheCurve() {
    ProbeReward reward = curve(0.05, 0.5);
    assertThat(reward.fallsBack()).isFalse();
    assertThat(reward.reason()).isEmpty();
    assertThat(reward.value()).isCloseTo(1 / 90.0, within(1e-8));
    // 2.3 and 1.3 in the first quarter, 0.5857 and 0.55 in the last, 60 s apart
    assertThat(reward.decreasePerSecond()).isCloseTo((1.8 - 0.56786) / 60, within(1e-5));
  }

  @Test
  void aTargetThatTheCurveCannotReachIsSaid() {
    ProbeReward reward = curve(0.05, 0.2);
    assertThat(reward.fallsBack()).isTrue();
    assertThat(reward.value()).isEqualTo(reward.decreasePerSecond()).isPositive();
    assertThat(reward.reason())
        .isEqualTo("the target loss of 0.2000 is below what the curve can reach, 0.3000");
  }

  @Test
  void aTargetReachedAtTheBeginTellsNothing() {
    ProbeReward reward = curve(0.05, 3);
    assertThat(reward.fallsBack()).isTrue();
    assertThat(reward.reason()).isEqualTo("the target loss of 3.000 was reached already");
  }

  @Test
  void aRisingLossFallsBackToItsNegativeDecrease() {
    ProbeReward reward = of(0.5, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7);
    assertThat(reward.fallsBack()).isTrue();
    assertThat(reward.value()).isCloseTo(-0.01, within(1e-12));
    assertThat(reward.reason()).isEqualTo("no falling curve fits the probe's losses");
  }

  @Test
  void oneWildLossDoesNotMakeTheDecrease() {
    double[] seconds = new double[12];
    double[] losses = new double[12];
    for (int i = 0; i < 12; i++) {
      seconds[i] = i;
      losses[i] = 2 - 0.1 * i;
    }
    losses[11] = 40;
    // medians of the first and last quarter: 1.9, and 1.1 (of 1.1, 1.0, 40); 9 s apart
    assertThat(ProbeReward.of(seconds, losses, 0).decreasePerSecond())
        .isCloseTo(0.8 / 9, within(1e-12));
  }

  @Test
  void manyPointsOfOneMomentGiveAFiniteDecrease() {
    double[] seconds = new double[12];
    seconds[11] = 6;
    double[] losses = {2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1};
    assertThat(ProbeReward.of(seconds, losses, 0).decreasePerSecond())
        .isCloseTo(0.5, within(1e-12));
  }

  @Test
  void twoPointsGiveADecrease() {
    ProbeReward reward = ProbeReward.of(new double[] {60, 0}, new double[] {1, 4}, 0.5);
    assertThat(reward.fallsBack()).isTrue();
    assertThat(reward.value()).isEqualTo(0.05);
  }

  @Test
  void whatDivergesOrWasNotMeasuredIsWorst() {
    ProbeReward diverged = of(0.5, 2, 1.5, 1.2, 1.1, 1, 1, 1, Double.NaN);
    assertThat(diverged.value()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(diverged.reason()).contains("not finite at the probe's end");
    ProbeReward none = ProbeReward.of(new double[0], new double[0], 0.5);
    assertThat(none.value()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(none.reason()).contains("fewer than two different times");
    ProbeReward gap = of(0.9, 2, 1.5, Double.NaN, 1.1, 1, 0.95, 0.93, 0.9);
    assertThat(gap.fallsBack()).isFalse();
    ProbeReward rising = of(0.5, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7);
    assertThat(ProbeReward.compare(rising, diverged)).isPositive();
    assertThat(ProbeReward.compare(gap, none)).isPositive();
    assertThat(ProbeReward.compare(none, diverged)).isZero();
  }

  @Test
  void probesAreComparedByRewardOrBothByDecrease() {
    ProbeReward slow = new ProbeReward(0.01, 0.5, false, "");
    ProbeReward fast = new ProbeReward(0.02, 0.1, false, "");
    ProbeReward fallen = new ProbeReward(0.3, 0.3, true, "a reason");
    assertThat(ProbeReward.compare(fast, slow)).isPositive();
    assertThat(ProbeReward.compare(slow, fast)).isNegative();
    assertThat(ProbeReward.compare(slow, slow)).isZero();
    assertThat(ProbeReward.compare(fallen, fast)).isPositive();
    assertThat(ProbeReward.compare(fallen, slow)).isNegative();
    assertThat(ProbeReward.compare(slow, fallen)).isPositive();
  }

  @Test
  void aFasterCurveHasTheGreaterReward() {
    for (double speed = 0.01; speed < 0.2; speed += 0.01) {
      assertThat(ProbeReward.compare(curve(speed + 0.01, 0.5), curve(speed, 0.5))).isPositive();
    }
  }
}
