package io.dlion.core.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StepTimesTest {
  private static StepTimes profiled() {
    StepTimes times = new StepTimes();
    for (int b : new int[] {8, 32}) {
      for (int i = 0; i < 3; i++) {
        times.profile(b, 0.1 + 0.01 * b);
      }
    }
    times.fit();
    return times;
  }

  private static void assertCost(Cost cost, double alpha, double beta) {
    assertThat(cost.alphaSeconds()).isCloseTo(alpha, within(1e-9));
    assertThat(cost.betaSeconds()).isCloseTo(beta, within(1e-9));
  }

  @Test
  void aLineIsFittedExactly() {
    assertCost(profiled().cost(), 0.1, 0.01);
  }

  @Test
  void whatElseTheMachineDoesChangesNothing() {
    StepTimes times = new StepTimes();
    for (double extra : new double[] {2, 5, 0}) {
      times.profile(8, 0.18 + extra);
      times.profile(32, 0.42);
    }
    times.fit();
    assertCost(times.cost(), 0.1, 0.01);
  }

  @Test
  void oneBatchSizeAloneIsTakenAsProportional() {
    StepTimes times = new StepTimes();
    times.profile(4, 0.2);
    times.fit();
    assertCost(times.cost(), 0, 0.05);
  }

  @Test
  void neitherPartBecomesNegative() {
    StepTimes steep = new StepTimes(); // through (8, 0.1) and (32, 0.9): intercept below zero
    steep.profile(8, 0.1);
    steep.profile(32, 0.9);
    steep.fit();
    assertCost(steep.cost(), 0, 0.5 / 20);
    StepTimes falling = new StepTimes(); // a larger batch seemed faster
    falling.profile(8, 0.6);
    falling.profile(32, 0.4);
    falling.fit();
    assertCost(falling.cost(), 0.5 - 0.05 * 0.5, 0.05 * 0.5 / 20);
    StepTimes instant = new StepTimes();
    instant.profile(8, 0);
    instant.fit();
    assertThat(instant.cost().betaSeconds()).isPositive();
  }

  @Test
  void theScaleFollowsTheMedianOfRecentTimes() {
    StepTimes times = profiled();
    for (int i = 0; i < 9; i++) {
      times.observe(64, 2 * 0.74);
    }
    assertCost(times.cost(), 0.2, 0.02);
    for (int i = 0; i < 4; i++) {
      times.observe(64, 100); // four of nine are outliers
    }
    assertCost(times.cost(), 0.2, 0.02);
    for (int i = 0; i < 9; i++) {
      times.observe(16, 3 * 0.26);
    }
    assertCost(times.cost(), 0.3, 0.03);
  }

  @Test
  void goesOnFromAKnownCost() {
    StepTimes times = new StepTimes();
    times.restore(new Cost(1, 2));
    assertCost(times.cost(), 1, 2);
    times.observe(4, 4.5);
    assertCost(times.cost(), 0.5, 1);
  }
}
