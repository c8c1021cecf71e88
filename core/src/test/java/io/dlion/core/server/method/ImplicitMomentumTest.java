package io.dlion.core.server.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ImplicitMomentumTest {
  private static double of(double period, int[] commits, double... speeds) {
    return ImplicitMomentum.of(period, commits, speeds);
  }

  @Test
  void itIsWhatTheFormulaGivesByHand() {
    // 60/(2·10) = 3 each: 1 − 1/(1 + 1/2·6)
    assertThat(of(60, new int[] {2, 2}, 10, 10)).isCloseTo(3 / 4.0, within(1e-12));
    // 60/(6·10) = 1, 60/(3·5) = 4, 60/(1·60) = 1: 1 − 1/(1 + 2/3·6)
    assertThat(of(60, new int[] {6, 3, 1}, 10, 5, 60)).isCloseTo(4 / 5.0, within(1e-12));
    // 10/(10·4) = 1/4 each: 1 − 1/(1 + 3/4·1)
    assertThat(of(10, new int[] {10, 10, 10, 10}, 4, 4, 4, 4)).isCloseTo(3 / 7.0, within(1e-12));
  }

  @Test
  void oneCommitAPeriodOfOneStepIsPlainAsynchrony() {
    // where every term is 1, it is 1 − 1/m as Mitliagkas et al. found
    assertThat(of(1, new int[] {1, 1, 1, 1, 1}, 1, 1, 1, 1, 1)).isCloseTo(0.8, within(1e-12));
  }

  @Test
  void itFallsAsWorkersCommitMoreOften() {
    double before = 1;
    for (int commits = 1; commits < 20; commits++) {
      double momentum = of(60, new int[] {commits, commits, commits}, 10, 20, 5);
      assertThat(momentum).isBetween(0.0, before);
      before = momentum;
    }
  }

  @Test
  void theExtremesAreNumbers() {
    assertThat(of(60, new int[] {1}, 10)).isZero();
    assertThat(of(60, new int[0])).isZero();
    assertThat(of(60, new int[] {1, 1}, 10, 0)).isEqualTo(1);
  }

  @Test
  void absurdNumbersAreRefused() {
    assertThatThrownBy(() -> of(0, new int[] {1}, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> of(60, new int[] {1, 2}, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("commits of 2 workers, speeds of 1");
    assertThatThrownBy(() -> of(60, new int[] {1, 0}, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> of(60, new int[] {1, 1}, 1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
