package io.dlion.core.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Seeded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static List<Integer> sizes(Growth growth, int from, int adjustments) {
    List<Integer> sizes = new ArrayList<>();
    int batch = from;
    for (int i = 0; i < adjustments; i++) {
      batch = growth.next(batch, 0);
      sizes.add(batch);
    }
    return sizes;
  }

  @Test
  void thePapersScheduleByHand() {
    // 3 workers, b_0 = 32, D = 60,000: + 96 up to 600, then · 1.5 up to 6000.
    Growth growth = new GrowthSchedule(96, 600, 1.5, 6000);
    assertThat(sizes(growth, 96, 14))
        .containsExactly(
            192, 288, 384, 480, 576, 600, 900, 1350, 2025, 3038, 4557, 6000, 6000, 6000);
  }

  @Test
  void boundsAreNeverCrossed() {
    Seeded.check(
        500,
        random -> {
          double examples = 10 + random.nextInt(100_000);
          Growth growth =
              new GrowthSchedule(
                  1 + random.nextInt(200),
                  0.01 * examples,
                  1 + 2 * random.nextDouble(),
                  0.1 * examples);
          int batch = 1 + random.nextInt(300);
          for (int i = 0; i < 60; i++) {
            int next = growth.next(batch, 0);
            assertThat(next).isGreaterThanOrEqualTo(batch);
            if (next > batch) {
              double bound = batch < Math.floor(0.01 * examples) ? 0.01 : 0.1;
              assertThat((double) next).isLessThanOrEqualTo(bound * examples);
            }
            batch = next;
          }
        });
  }

  @Test
  void noiseMustDominateForGrowth() {
    Growth growth = new NoiseGuidedGrowth(16, 1.5, 500);
    assertThat(growth.next(96, 0)).isEqualTo(96);
    assertThat(growth.next(96, 16 * 96 - 1)).isEqualTo(96);
    assertThat(growth.next(96, 16 * 96)).isEqualTo(144);
    assertThat(growth.next(400, 1e9)).isEqualTo(500);
    assertThat(growth.next(500, 1e9)).isEqualTo(500);
    assertThat(growth.next(600, 1e9)).isEqualTo(600);
  }
}
