package io.dlion.core.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FastestBatchTest {
  @Test
  void isTheRootOfFixedCostsTimesTheCriticalBatch() {
    Cost quick = new Cost(0.036, 0.01); // 3.6 samples
    assertThat(FastestBatch.of(Collections.nCopies(6, quick), 60_000))
        .isEqualTo(74); // √(21.6 · 256)
    Cost slow = new Cost(0.36, 0.1);
    assertThat(FastestBatch.of(List.of(quick, quick, slow, slow, slow, slow), 60_000))
        .isEqualTo(74);
  }

  @Test
  void noOtherBatchTakesLess() {
    double fixed = 30; // samples, of all workers
    int best = FastestBatch.of(List.of(new Cost(0.3, 0.01)), 60_000);
    assertThat(time(best, fixed)).isLessThanOrEqualTo(time(best - 1, fixed));
    assertThat(time(best, fixed)).isLessThanOrEqualTo(time(best + 1, fixed));
  }

  private static double time(int batch, double fixed) {
    return (batch + fixed) * (1 + FastestBatch.CRITICAL_SAMPLES / batch);
  }

  @Test
  void stepsWithoutFixedCostsHaveSmallBatches() {
    assertThat(FastestBatch.of(List.of(new Cost(0, 0.01)), 60_000)).isEqualTo(32);
    assertThat(FastestBatch.of(Collections.nCopies(20, new Cost(0, 0.01)), 60_000)).isEqualTo(80);
  }

  @Test
  void fewExamplesHaveSmallBatches() {
    Cost constant = new Cost(1, 1e-6);
    assertThat(FastestBatch.of(List.of(constant), 6_000)).isEqualTo(60);
    assertThat(FastestBatch.of(List.of(constant), 100)).isEqualTo(32);
  }
}
