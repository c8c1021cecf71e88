package io.dlion.core.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DivisionTest {
  private static final List<Division> BOTH =
      List.of(new EqualFinishDivision(), new ProportionalDivision());

  private static List<Cost> costs(SplittableRandom random, int workers, double spread) {
    List<Cost> costs = new ArrayList<>();
    for (int k = 0; k < workers; k++) {
      costs.add(
          new Cost(
              random.nextBoolean() ? 0 : Math.pow(10, spread * (random.nextDouble() - 0.5)) / 10,
              Math.pow(10, spread * (random.nextDouble() - 0.5)) / 1000));
    }
    return costs;
  }

  @Test
  void batchesSumToTheWholeAndNoneIsBelowTheLeast() {
    Seeded.check(
        3000,
        random -> {
          int workers = 1 + random.nextInt(20);
          List<Cost> costs = costs(random, workers, 12 * random.nextDouble());
          int least = 1 + random.nextInt(3);
          int batch = workers * least + (random.nextInt(3) == 0 ? 0 : random.nextInt(5000));
          for (Division division : BOTH) {
            int[] batches = division.divide(batch, least, costs);
            assertThat(batches).hasSize(workers);
            assertThat(Arrays.stream(batches).sum()).isEqualTo(batch);
            assertThat(Arrays.stream(batches).min().orElse(0)).isGreaterThanOrEqualTo(least);
          }
        });
  }

  @Test
  void equalFinishIsWhatBisectionFinds() {
    Seeded.check(
        1000,
        random -> {
          int workers = 1 + random.nextInt(8);
          List<Cost> costs = costs(random, workers, 4);
          int batch = workers + random.nextInt(2000);
          int[] batches = new EqualFinishDivision().divide(batch, 1, costs);
          double low = 0;
          double high = 1e12;
          for (int i = 0; i < 200; i++) {
            double middle = (low + high) / 2;
            if (samplesWithin(middle, costs) > batch) {
              high = middle;
            } else {
              low = middle;
            }
          }
          for (int k = 0; k < workers; k++) {
            // Rounding moves a worker by one, and those held at one take what others lack.
            assertThat((double) batches[k]).isCloseTo(share(low, costs.get(k)), within(1.001));
          }
        });
  }

  private static double share(double seconds, Cost cost) {
    return Math.max(1, (seconds - cost.alphaSeconds()) / cost.betaSeconds());
  }

  private static double samplesWithin(double seconds, List<Cost> costs) {
    return costs.stream().mapToDouble(c -> share(seconds, c)).sum();
  }

  @Test
  void equalFinishByHand() {
    // T = (100 + 0.1/0.01 + 0.2/0.02) / (1/0.01 + 1/0.02) = 0.8 s: 70 and 30
    List<Cost> costs = List.of(new Cost(0.1, 0.01), new Cost(0.2, 0.02));
    assertThat(new EqualFinishDivision().divide(100, 1, costs)).containsExactly(70, 30);
  }

  @Test
  void aWorkerWhoseConstantPartAloneIsTooLongGetsOneSample() {
    List<Cost> costs = List.of(new Cost(0, 0.01), new Cost(1000, 0.01), new Cost(0, 0.01));
    assertThat(new EqualFinishDivision().divide(21, 1, costs)).containsExactly(10, 1, 10);
    assertThat(new EqualFinishDivision().divide(22, 2, costs)).containsExactly(10, 2, 10);
  }

  @Test
  void proportionalByHand() {
    // At the equal share of 50: 50/0.6 and 50/1.2 samples per second, so 2 : 1.
    List<Cost> costs = List.of(new Cost(0.1, 0.01), new Cost(0.2, 0.02));
    assertThat(new ProportionalDivision().divide(100, 1, costs)).containsExactly(67, 33);
  }

  /** 384·(1/t_i)/Σ(1/t_j) = 219.43, 109.71 and 54.86 for step times of 1, 2 and 4 s at 128. */
  @Test
  void theProportionalDivisionIsBatchTunesOfStepTimesAtTheEqualShare() {
    int[] expected = {219, 110, 55};
    List<Cost> perSample =
        List.of(new Cost(0, 1 / 128.0), new Cost(0, 1 / 64.0), new Cost(0, 1 / 32.0));
    assertThat(new ProportionalDivision().divide(3 * 128, 1, perSample)).containsExactly(expected);
    List<Cost> fixed = List.of(new Cost(0.36, 0.005), new Cost(0.72, 0.01), new Cost(3.872, 0.001));
    assertThat(new ProportionalDivision().divide(3 * 128, 1, fixed)).containsExactly(expected);
  }

  @Test
  void aLonelyWorkerGetsAllAndEqualOnesEqualShares() {
    for (Division division : BOTH) {
      assertThat(division.divide(77, 1, List.of(new Cost(5, 1)))).containsExactly(77);
      Cost same = new Cost(0.3, 0.02);
      assertThat(division.divide(96, 1, List.of(same, same, same))).containsExactly(32, 32, 32);
      assertThat(division.divide(3, 1, List.of(same, same, same))).containsExactly(1, 1, 1);
    }
  }

  @Test
  void largestRemaindersAreRoundedUpAndTiesGoToTheFirst() {
    assertThat(Rounding.largestRemainder(new double[] {1.2, 2.5, 3.3}, 1, 7))
        .containsExactly(1, 3, 3);
    assertThat(Rounding.largestRemainder(new double[] {1.5, 1.5, 1.5, 1.5}, 1, 6))
        .containsExactly(2, 2, 1, 1);
    assertThat(Rounding.largestRemainder(new double[] {0.1, 0.1, 9.8}, 1, 10))
        .containsExactly(1, 1, 8);
    assertThat(Rounding.largestRemainder(new double[] {0, 0, 3}, 1, 3)).containsExactly(1, 1, 1);
    assertThatThrownBy(() -> Rounding.largestRemainder(new double[] {1, 1}, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void impossibleCostsAreRefused() {
    assertThatThrownBy(() -> new Cost(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Cost(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Cost(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void weightsOfABatchByHand() {
    assertThat(Weighting.SAMPLES.factor(96, 32, 3)).isEqualTo(1f / 96);
    // b_j / b_k · 1/n, without b_j, which the sum has already
    assertThat(Weighting.RELATIVE.factor(96, 16, 3)).isEqualTo(1f / 48);
  }
}
