package io.dlion.core.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.batching.BatchRule;
import io.dlion.core.batching.Cost;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocalCostTest {
  private static final int PROFILE = 3;

  private static LocalCost cost(String preset, int leastBatch) {
    Settings settings = Presets.find(preset).settings();
    if (preset.startsWith("batchtune")) {
      settings =
          settings
              .with("batching.profile-steps", Integer.toString(PROFILE))
              .with("batching.announce-change", "0.1");
    }
    return new LocalCost(BatchRule.of(settings), leastBatch);
  }

  /** A step of 1 ms and 0.1 ms a sample, times a factor. */
  private static Optional<Cost> step(LocalCost cost, int planned, double factor) {
    int samples = cost.batch(planned);
    return cost.observed(samples, (long) (factor * (1_000_000 + 100_000 * samples)));
  }

  @Test
  void whereBatchesAreFixedNothingIsTimedOrTold() {
    LocalCost cost = cost("ssp", 4);
    assertThat(cost.isProfiling()).isFalse();
    assertThat(cost.batch(32)).isEqualTo(32);
    assertThat(cost.batch(2)).as("the model's least").isEqualTo(4);
    assertThat(step(cost, 32, 1)).isEmpty();
    assertThat(cost.told()).isEmpty();
  }

  @Test
  void wholeAndHalvedBatchesTellTheCost() {
    LocalCost cost = cost("batchtune-ssp", 1);
    for (int i = 0; i < 2 * PROFILE; i++) {
      assertThat(cost.isProfiling()).isTrue();
      assertThat(cost.batch(32)).isEqualTo(i < PROFILE ? 32 : 16);
      Optional<Cost> told = step(cost, 32, 1);
      assertThat(told.isPresent()).isEqualTo(i == 2 * PROFILE - 1);
    }
    assertThat(cost.isProfiling()).isFalse();
    assertThat(cost.batch(32)).isEqualTo(32);
    Cost found = cost.told().orElseThrow();
    assertThat(found.alphaSeconds()).isCloseTo(0.001, within(1e-6));
    assertThat(found.betaSeconds()).isCloseTo(0.0001, within(1e-8));
  }

  @Test
  void onlyAChangeThatMattersIsTold() {
    LocalCost cost = cost("batchtune-ssp", 1);
    for (int i = 0; i < 2 * PROFILE; i++) {
      step(cost, 32, 1);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(step(cost, 32, 1.05)).isEmpty();
    }
    int told = 0;
    for (int i = 0; i < 20; i++) {
      told += step(cost, 32, 3).isPresent() ? 1 : 0;
    }
    assertThat(told).isEqualTo(1);
    assertThat(cost.told().orElseThrow().seconds(32)).isCloseTo(3 * 0.0042, within(1e-6));
  }

  @Test
  void halvedBatchesAreNotLessThanTheModelNeeds() {
    LocalCost cost = cost("batchtune-ssp", 20);
    for (int i = 0; i < 2 * PROFILE; i++) {
      assertThat(cost.batch(32)).isGreaterThanOrEqualTo(20);
      step(cost, 32, 1);
    }
    assertThat(cost.told()).isPresent();
  }
}
