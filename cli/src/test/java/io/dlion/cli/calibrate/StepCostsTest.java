package io.dlion.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.emulator.environment.Calibration;
import io.dlion.emulator.environment.Environments;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepCostsTest {
  /** Medians 0.3, 0.4, 0.8 s at 4, 8, 16: mean b 28/3, mean t 0.5, β = 3.2/(224/3), α = 0.1. */
  private final StepCosts costs =
      StepCosts.fit(
          List.of(4, 8, 16),
          List.of(List.of(0.3, 9.0, 0.1), List.of(0.4, 0.4, 0.4), List.of(0.7, 0.9)));

  @Test
  void theLineIsTheLeastSquaresFitOfTheMedians() {
    assertThat(costs.medians()).containsExactly(0.3, 0.4, 0.8);
    assertThat(costs.cost().betaSeconds()).isCloseTo(9.6 / 224, within(1e-12));
    assertThat(costs.cost().alphaSeconds()).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void theTableSetsMeasuredBesideFitted() {
    assertThat(costs.table())
        .containsExactly(
            "batch  measured ms    fitted ms",
            "    4      300.000      271.429",
            "    8      400.000      442.857",
            "   16      800.000      785.714");
  }

  @Test
  void theBlockIsReadAsTheModelsCalibration() {
    assertThat(costs.yaml("cnn"))
        .containsExactly("calibration:", "  cnn: {alpha-seconds: 0.1000, beta-seconds: 0.04286}");
    assertThat(
            Environments.parse(
                    "mine",
                    "workers: [{cores: 24, mbit: 5}, {cores: 4, mbit: 5}]\n"
                        + String.join("\n", costs.yaml("nets/mine.pt")))
                .forModel("nets/mine.pt", 1000)
                .calibration())
        .isEqualTo(new Calibration(0.1, 0.04286));
  }

  @Test
  void smallTimesAreWrittenWithoutExponents() {
    StepCosts fast =
        StepCosts.fit(List.of(4, 8), List.of(List.of(4 * 1.23456e-7), List.of(8 * 1.23456e-7)));
    assertThat(fast.yaml("cnn").getLast()).contains("beta-seconds: 0.0000001235}");
  }
}
