package io.dlion.core.server.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdaptivePeriodTest {
  private static final double NAN = Double.NaN;

  private static AdaptivePeriod trials(double startLoss, double... losses) {
    AdaptivePeriod period = AdaptivePeriod.begin(startLoss);
    for (double loss : losses) {
      period = period.trialEnded(loss);
    }
    return period;
  }

  /** What τ is after trials that 40 won, and after each of some periods' losses. */
  private static List<Integer> from40(double startLoss, double... losses) {
    AdaptivePeriod period = trials(startLoss, 2, 1.8, 1.6, 1.5, 1.2, 1.3, 1.4, 1.5);
    List<Integer> taus = new ArrayList<>(List.of(period.tau()));
    for (double loss : losses) {
      period = period.periodEnded(loss);
      taus.add(period.tau());
    }
    return taus;
  }

  @Test
  void everyCandidateIsTriedInOrderAndTheLeastLossChooses() {
    AdaptivePeriod period = AdaptivePeriod.begin(2.3);
    List<Integer> tried = new ArrayList<>();
    while (period.inTrial()) {
      tried.add(period.tau());
      period = period.trialEnded(Math.abs(period.tau() - 17));
    }
    assertThat(tried).containsExactly(1, 5, 10, 20, 40, 60, 80, 100);
    assertThat(period.tau()).isEqualTo(20);
    assertThat(period.startTau()).isEqualTo(20);
  }

  @Test
  void theEarlierOfEqualTrialsIsChosen() {
    assertThat(trials(2, 1.5, 1.2, 1.2, 1.3, 1.2, 1.5, 1.5, 1.5).tau()).isEqualTo(5);
  }

  @Test
  void badTrialsAreNotChosen() {
    double inf = Double.POSITIVE_INFINITY;
    assertThat(trials(2, 1.9, NAN, 1.8, inf, NAN, NAN, -inf, NAN).tau()).isEqualTo(10);
    assertThat(trials(2, NAN, NAN, NAN, inf, NAN, NAN, NAN, NAN).tau()).isEqualTo(1);
    AdaptivePeriod skipped = trials(2, 1.9, 1.8, 1.7).skip().skip().skip().skip();
    assertThat(skipped.inTrial()).isTrue();
    assertThat(skipped.tau()).isEqualTo(100);
    assertThat(skipped.skip().tau()).isEqualTo(10);
  }

  @Test
  void otherCandidatesWithoutOneFallBackToOneStep() {
    AdaptivePeriod period = AdaptivePeriod.begin(List.of(8, 16), 2);
    assertThat(period.tau()).isEqualTo(8);
    assertThat(period.trialEnded(1.5).trialEnded(1.4).tau()).isEqualTo(16);
    assertThat(period.skip().skip().tau()).isEqualTo(1);
  }

  /** By hand: ⌈√(ℓ/2)·40⌉ = 38 (37.95), 34 (33.47), 29 (28.28), 20 and 9 (8.94). */
  @Test
  void theFallOfTheLossShortensThePeriod() {
    assertThat(from40(2, 1.8, 1.4, 1, 0.5, 0.1)).containsExactly(40, 38, 34, 29, 20, 9);
  }

  @Test
  void whereTheLossDoesNotFallItIsHalvedToOne() {
    assertThat(from40(2, 2, 2, 2.5, 2, 3, 2, 2, 2)).containsExactly(40, 20, 10, 5, 3, 2, 1, 1, 1);
    assertThat(from40(2, 0.5, 0.5, 0.5)).containsExactly(40, 20, 10, 5);
    // √(0.02/2)·40 = 4 is less than 20
    assertThat(from40(2, 2, 0.02)).containsExactly(40, 20, 4);
  }

  @Test
  void aLossOfZeroOrNoNumberIsBounded() {
    assertThat(from40(2, 0, 0)).containsExactly(40, 1, 1);
    assertThat(from40(2, -1)).containsExactly(40, 1);
    assertThat(from40(2, NAN, Double.POSITIVE_INFINITY)).containsExactly(40, 20, 10);
    assertThat(from40(2, Double.NEGATIVE_INFINITY)).containsExactly(40, 20);
    assertThat(from40(0, 1, 0)).containsExactly(40, 20, 10);
  }

  @Test
  void anUnknownStartLossIsThatOfTheFirstPeriod() {
    assertThat(from40(NAN, 2, 1.8, 1)).containsExactly(40, 40, 38, 29);
    assertThat(from40(Double.POSITIVE_INFINITY, NAN, 2, 0.02)).containsExactly(40, 20, 20, 4);
  }

  @Test
  void stepsOutOfOrderAreRefused() {
    AdaptivePeriod trial = AdaptivePeriod.begin(2);
    assertThatThrownBy(() -> trial.periodEnded(1)).isInstanceOf(IllegalStateException.class);
    AdaptivePeriod over = trials(2, 1, 1, 1, 1, 1, 1, 1, 1);
    assertThatThrownBy(() -> over.trialEnded(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(over::skip).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> AdaptivePeriod.begin(List.of(0), 2))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
