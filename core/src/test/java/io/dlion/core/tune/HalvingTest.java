package io.dlion.core.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.tune.Halving.Rung;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Who is tried longer, and how long all of it takes. */
class HalvingTest {
  private static TrialScore trial(double seconds, double accuracy) {
    return new TrialScore(
        seconds > 0 ? OptionalDouble.of(seconds) : OptionalDouble.empty(), accuracy, false);
  }

  private static Standing score(double seconds, double accuracy) {
    return Standing.of(trial(seconds, accuracy));
  }

  private static Standing diverged() {
    return Standing.of(new TrialScore(OptionalDouble.of(10), 0.99, true));
  }

  @Test
  void halfOfThemAreTriedTwiceAsLong() {
    assertThat(Halving.rungs(16, 400))
        .containsExactly(
            new Rung(0, 16, 100),
            new Rung(1, 8, 200),
            new Rung(2, 4, 400),
            new Rung(3, 2, 400),
            new Rung(4, 2, 400));
    assertThat(Halving.rungs(5, 400))
        .startsWith(new Rung(0, 5, 100), new Rung(1, 3, 200), new Rung(2, 2, 400))
        .hasSize(5);
    assertThat(Halving.rungs(2, 400)).containsExactly(new Rung(0, 2, 200), new Rung(1, 1, 400));
    assertThat(Halving.rungs(1, 400)).containsExactly(new Rung(0, 1, 400));
    assertThat(Halving.nanosOfAll(Halving.rungs(16, 400))).isEqualTo(6400);
  }

  @Test
  void theSoonestThenTheMostAccurateSurvive() {
    Map<Integer, Standing> scores =
        Map.of(
            0, score(0, 0.79),
            1, score(90, 0.81),
            2, score(60, 0.80),
            3, score(0, 0.60),
            4, diverged(),
            5, score(90, 0.85));
    assertThat(Halving.best(scores, 6)).containsExactly(2, 5, 1, 0, 3, 4);
    assertThat(Halving.best(scores, 3)).containsExactly(2, 5, 1);
  }

  @Test
  void ofEqualOnesTheFirstSurvives() {
    assertThat(Halving.best(Map.of(2, score(0, 0.5), 1, score(0, 0.5), 0, score(0, 0.4)), 2))
        .isEqualTo(List.of(1, 2));
  }

  @Test
  void ofSeveralTrialsTheOneThatFailsLeastSurvives() {
    Standing soonButOnce = score(50, 0.8).and(trial(0, 0.7)).and(trial(60, 0.8));
    Standing alwaysLate = score(190, 0.8).and(trial(200, 0.8)).and(trial(180, 0.8));
    Standing soonOrNever = score(20, 0.8).and(trial(20, 0.8)).and(diverged().trials().getFirst());
    assertThat(Halving.best(Map.of(0, soonButOnce, 1, alwaysLate, 2, soonOrNever), 3))
        .containsExactly(1, 0, 2);
    assertThat(soonButOnce.reached()).isEqualTo(2);
    assertThat(soonButOnce.secondsToTarget()).hasValue(55);
    assertThat(soonOrNever.diverged()).isEqualTo(1);
    assertThat(soonOrNever.neverSound()).isFalse();
    assertThat(diverged().reached()).isZero();
    assertThat(diverged().neverSound()).isTrue();
  }

  @Test
  void anUnknownAccuracyIsWorseThanAny() {
    assertThat(Halving.best(Map.of(0, score(0, Double.NaN), 1, score(0, 0)), 1)).containsExactly(1);
  }
}
