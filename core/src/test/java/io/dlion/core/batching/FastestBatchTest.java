package io.dlion.core.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FastestBatchTest {
  @Test
  void isTheRootOfFixedCostsTimesTheCriticalBatch() {
    Cost quick = new Cost(0.036, 0.01); // 3.6 samples
    assertThat(FastestBatch.of(Collections.nCopies(6, quick), 0, true, 60_000))
        .isEqualTo(53); // √(21.6 · 128)
    Cost slow = new Cost(0.36, 0.1);
    assertThat(FastestBatch.of(List.of(quick, quick, slow, slow, slow, slow), 0, true, 60_000))
        .isEqualTo(53);
  }

  @Test
  void noOtherBatchTakesLess() {
    double fixed = 30; // samples, of all workers
    int best = FastestBatch.of(List.of(new Cost(0.3, 0.01)), 0, true, 60_000);
    assertThat(time(best, fixed)).isLessThanOrEqualTo(time(best - 1, fixed));
    assertThat(time(best, fixed)).isLessThanOrEqualTo(time(best + 1, fixed));
  }

  @Test
  void exchangeIsPartOfWhatAStepCosts() {
    // 3.6 samples of a gradient and 1 of exchange, of six workers: √(27.6 · 128)
    List<Cost> costs = Collections.nCopies(6, new Cost(0.036, 0.01));
    assertThat(FastestBatch.of(costs, 0.01, true, 60_000)).isEqualTo(59);
    assertThat(FastestBatch.exchangeSeconds(1_000_000, 2, true)).isCloseTo(0.0161, within(1e-9));
    assertThat(FastestBatch.exchangeSeconds(1_000_000, 2, false)).isCloseTo(0.0061, within(1e-9));
    assertThat(FastestBatch.exchangeSeconds(1_000_000, 0, true)).isCloseTo(0.0025, within(1e-9));
  }

  @Test
  void whereNobodyWaitsOneWithAHighFixedCostIsNotCounted() {
    Cost quick = new Cost(0.014, 0.001); // 14 samples
    Cost late = new Cost(0.15, 0.001);
    List<Cost> costs = List.of(late, quick, quick);
    assertThat(FastestBatch.of(costs, 0, true, 60_000)).isEqualTo(151); // √(178 · 128)
    // (√178 + √128)² / 3 is more than (√28 + √128)² / 2: the two alone are faster
    assertThat(FastestBatch.of(costs, 0, false, 60_000)).isEqualTo(60); // √(28 · 128)
  }

  @Test
  void whereNobodyWaitsAllThatAreAlikeAreCounted() {
    List<Cost> costs = Collections.nCopies(6, new Cost(0.036, 0.01));
    assertThat(FastestBatch.of(costs, 0, false, 60_000)).isEqualTo(53);
  }

  private static double time(int batch, double fixed) {
    return (batch + fixed) * (1 + FastestBatch.CRITICAL_SAMPLES / batch);
  }

  @Test
  void stepsWithoutFixedCostsHaveSmallBatches() {
    assertThat(FastestBatch.of(List.of(new Cost(0, 0.01)), 0, true, 60_000)).isEqualTo(32);
    assertThat(FastestBatch.of(Collections.nCopies(20, new Cost(0, 0.01)), 0, true, 60_000))
        .isEqualTo(80);
  }

  @Test
  void fewExamplesHaveSmallBatches() {
    Cost constant = new Cost(1, 1e-6);
    assertThat(FastestBatch.of(List.of(constant), 0, true, 6_000)).isEqualTo(60);
    assertThat(FastestBatch.of(List.of(constant), 0, true, 100)).isEqualTo(32);
  }
}
