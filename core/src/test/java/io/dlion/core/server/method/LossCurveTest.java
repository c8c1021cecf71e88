package io.dlion.core.server.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossCurveTest {
  private static final double[] EVERY_FIVE_SECONDS = times(12, 5);

  private static double[] times(int points, double apartSeconds) {
    return IntStream.range(0, points).mapToDouble(i -> i * apartSeconds).toArray();
  }

  private static double[] losses(LossCurve curve, double[] seconds) {
    return Arrays.stream(seconds).map(curve::loss).toArray();
  }

  private static LossCurve fit(double[] seconds, double... losses) {
    LossCurve curve = LossCurve.fit(seconds, losses).orElseThrow();
    double least = Arrays.stream(losses).filter(Double::isFinite).min().orElseThrow();
    assertThat(curve.a3()).isGreaterThanOrEqualTo(0).isLessThan(least);
    return curve;
  }

  /** Losses at the first point, in the middle, at the end and at twice the end. */
  private static void assertLosses(LossCurve curve, double endSeconds, double... expected) {
    assertThat(curve.loss(0)).isCloseTo(expected[0], within(2e-5));
    assertThat(curve.loss(endSeconds / 2)).isCloseTo(expected[1], within(2e-5));
    assertThat(curve.loss(endSeconds)).isCloseTo(expected[2], within(2e-5));
    assertThat(curve.loss(2 * endSeconds)).isCloseTo(expected[3], within(2e-5));
  }

  @ParameterizedTest
  @CsvSource({
    "0.05, 0.5, 0.3",
    "0.05, 0.5, 0",
    "0.001, 0.5, 0.3",
    "10, 0.5, 0.3",
    "1000, 0.4, 0.01",
    "0.01, 0.4, 20",
    "1e-6, 1, 1",
    "0.5, 1e-3, 5",
    "0.5, 1e3, 1e-3"
  })
  void exactPointsGiveTheirCurveBack(double a1Squared, double a2, double a3) {
    LossCurve true0 = new LossCurve(a1Squared, a2, a3);
    for (int points : new int[] {3, 4, 7, 40}) {
      double[] seconds = times(points, 60.0 / (points - 1));
      LossCurve curve = fit(seconds, losses(true0, seconds));
      for (double t = 0; t <= 60; t += 2.5) {
        assertThat(curve.loss(t)).isCloseTo(true0.loss(t), within(1e-6 * true0.loss(t)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1e-9, 1", "1e9, 1", "1, 1e-9", "1, 1e9", "1e-150, 1e100"})
  void unitsDoNotMatter(double lossUnit, double timeUnit) {
    double[] one = {2.30, 1.62, 1.41, 1.20, 1.17};
    double[] seconds = {0, 15, 30, 45, 60};
    LossCurve curve = fit(seconds, one);
    LossCurve scaled =
        fit(
            Arrays.stream(seconds).map(t -> t * timeUnit).toArray(),
            Arrays.stream(one).map(l -> l * lossUnit).toArray());
    for (double t = 0; t <= 200; t += 10) {
      assertThat(scaled.loss(t * timeUnit) / lossUnit)
          .isCloseTo(curve.loss(t), withinPercentage(1e-5));
    }
  }

  @Test
  void timeCountsFromTheFirstPointAndTheOrderOfPointsDoesNotMatter() {
    LossCurve curve = fit(new double[] {0, 15, 30, 45, 60}, 2.30, 1.62, 1.41, 1.20, 1.17);
    LossCurve later =
        fit(new double[] {1060, 1015, 1000, 1045, 1030}, 1.17, 1.62, 2.30, 1.20, 1.41);
    assertThat(later).isEqualTo(curve);
  }

  /** scipy 1.17's {@code optimize.least_squares} with the same bounds, from 40 starts. */
  @Test
  void noisyPointsGiveWhatAnIndependentSolverFinds() {
    double[] minute = {0, 15, 30, 45, 60};
    assertLosses(
        fit(minute, 2.30, 1.62, 1.41, 1.20, 1.17),
        60,
        2.29910715,
        1.37494533,
        1.15529346,
        1.00103228);
    assertLosses(
        fit(new double[] {0, 10, 20, 60}, 0.90, 0.80, 0.69, 0.50),
        60,
        0.90384991,
        0.63286773,
        0.49843568,
        0.36470232);
    assertLosses(
        fit(new double[] {0, 1, 2, 3, 4}, 3.0, 0.52, 0.50, 0.51, 0.49),
        4,
        2.99999999,
        0.50438901,
        0.49664446,
        0.49275414);
  }

  /** The same solver; a3 is 0 in both. */
  @Test
  void aLossThatFallsEverFasterOrOnALineIsBoundedByZero() {
    assertLosses(
        fit(new double[] {0, 30, 60}, 1.3, 1.2, 0.9),
        60,
        1.33017927,
        1.11393203,
        0.95816340,
        0.74875616);
    LossCurve line = fit(new double[] {0, 1, 2, 3, 4}, 1.0, 0.91, 0.79, 0.72, 0.60);
    assertLosses(line, 4, 1.01861467, 0.78241243, 0.63513391, 0.46142132);
    assertThat(line.a3()).isCloseTo(0, within(1e-9));
    assertThat(line.a1Squared()).isCloseTo(0.148186404, within(1e-5));
    assertThat(line.a2()).isCloseTo(0.981725503, within(1e-5));
  }

  /** The same solver, reweighted with Huber's weights until they settle. */
  @Test
  void howFarOutAnOutlierLiesDoesNotMatter() {
    for (double seventh : new double[] {1.05, 3.5, 50}) {
      LossCurve curve =
          fit(
              EVERY_FIVE_SECONDS,
              2.31,
              1.75,
              1.46,
              1.22,
              1.14,
              1.02,
              seventh,
              0.93,
              0.85,
              0.86,
              0.80,
              0.79);
      assertThat(curve.loss(0)).isCloseTo(2.31245222, within(2e-3));
      assertThat(curve.loss(27.5)).isCloseTo(1.00600315, within(2e-3));
      assertThat(curve.loss(55)).isCloseTo(0.78510967, within(2e-3));
      assertThat(curve.loss(110)).isCloseTo(0.64406479, within(5e-3));
    }
  }

  @Test
  void noiseOfTwoPercentMovesTheCurveByTwoPercent() {
    LossCurve true0 = new LossCurve(0.05, 0.5, 0.3);
    double[] seconds = times(31, 2);
    double squares = 0;
    int seeds = 300;
    for (int seed = 0; seed < seeds; seed++) {
      Random random = new Random(seed);
      double[] losses = losses(true0, seconds);
      for (int i = 0; i < losses.length; i++) {
        losses[i] *= 1 + 0.02 * random.nextGaussian();
      }
      LossCurve curve = fit(seconds, losses);
      for (double t : seconds) {
        double error = curve.loss(t) / true0.loss(t) - 1;
        squares += error * error / seconds.length / seeds;
        assertThat(Math.abs(error)).as("seed %d, t %f", seed, t).isLessThan(0.05);
      }
      assertThat(curve.reward(0.6).orElseThrow()).isCloseTo(0.05 / (1 / 0.3 - 0.5), within(0.006));
    }
    // three parameters of 31 points: 2 % · √(3/31) = 0.6 %, a little more with Huber's weights
    assertThat(Math.sqrt(squares)).isBetween(0.003, 0.009);
  }

  @Test
  void aTenthOfTheLossesMayBeFarTooHigh() {
    LossCurve true0 = new LossCurve(0.05, 0.5, 0.3);
    double[] seconds = times(30, 2);
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      double[] losses = losses(true0, seconds);
      for (int i = 0; i < losses.length; i++) {
        losses[i] *= 1 + 0.01 * random.nextGaussian();
      }
      for (int i = 0; i < 3; i++) {
        losses[1 + random.nextInt(29)] *= 2 + random.nextInt(10);
      }
      LossCurve curve = fit(seconds, losses);
      for (double t = 4; t < 58; t++) {
        assertThat(curve.loss(t)).isCloseTo(true0.loss(t), within(0.04 * true0.loss(t)));
      }
    }
  }

  @Test
  void everyCurveFallsMonotonously() {
    Random random = new Random(7);
    int fitted = 0;
    for (int run = 0; run < 500; run++) {
      double[] seconds = random.doubles(3 + random.nextInt(20), 0, 100).toArray();
      double[] losses = random.doubles(seconds.length, 0.1, 3).toArray();
      LossCurve curve = LossCurve.fit(seconds, losses).orElse(null);
      if (curve == null) {
        continue;
      }
      fitted++;
      for (double t = 0; t < 200; t += 5) {
        assertThat(curve.loss(t + 5)).isLessThanOrEqualTo(curve.loss(t)).isGreaterThan(0);
      }
    }
    assertThat(fitted).isBetween(150, 400);
  }

  @Test
  void lossesThatDoNotFallHaveNoCurve() {
    double[] minute = {0, 15, 30, 45, 60};
    assertThat(LossCurve.fit(minute, new double[] {1, 1, 1, 1, 1})).isEmpty();
    assertThat(LossCurve.fit(minute, new double[] {1, 1.1, 1.2, 1.3, 1.4})).isEmpty();
    assertThat(LossCurve.fit(minute, new double[] {1, 1.3, 1.2, 1.5, 1.4})).isEmpty();
    assertThat(LossCurve.fit(minute, new double[] {0, 0, 0, 0, 0})).isEmpty();
    assertThat(LossCurve.fit(minute, new double[] {-1, -2, -3, -4, -5})).isEmpty();
  }

  @Test
  void pointsThatAreNotFiniteAreLeftOut() {
    double nan = Double.NaN;
    double[] seconds = {0, 5, 15, 30, nan, 45, 50, 60};
    double[] losses = {2.30, nan, 1.62, 1.41, 7, 1.20, Double.POSITIVE_INFINITY, 1.17};
    assertThat(fit(seconds, losses))
        .isEqualTo(fit(new double[] {0, 15, 30, 45, 60}, 2.30, 1.62, 1.41, 1.20, 1.17));
    assertThat(LossCurve.fit(new double[] {0, 30, 60}, new double[] {2, nan, 1})).isEmpty();
  }

  @Test
  void threeDifferentTimesAreNeeded() {
    assertThat(LossCurve.fit(new double[0], new double[0])).isEmpty();
    assertThat(LossCurve.fit(new double[] {0, 60}, new double[] {2, 1})).isEmpty();
    assertThat(LossCurve.fit(new double[] {0, 60, 60}, new double[] {2, 1, 1.1})).isEmpty();
    LossCurve curve = fit(new double[] {0, 30, 60}, 2.3, 1.5, 1.3);
    assertThat(curve.a1Squared()).isCloseTo(0.0375, within(1e-6));
    assertThat(curve.a2()).isCloseTo(0.75, within(1e-6));
    assertThat(curve.a3()).isCloseTo(0.96666667, within(1e-6));
  }

  @Test
  void aLossOfZeroIsFitted() {
    LossCurve curve = LossCurve.fit(times(4, 1), new double[] {1, 0.2, 0.01, 0}).orElseThrow();
    assertThat(curve.a3()).isEqualTo(0);
    assertThat(curve.loss(0)).isCloseTo(1, within(0.02));
    assertThat(curve.loss(3)).isLessThan(0.1);
  }

  @Test
  void theRewardIsTheInverseOfTheTimeToTheTarget() {
    LossCurve curve = new LossCurve(0.05, 0.5, 0.3); // 2.3 at first
    assertThat(curve.loss(10)).isEqualTo(1.3);
    assertThat(curve.reward(1.3).orElseThrow()).isCloseTo(1 / 10.0, within(1e-12));
    assertThat(curve.reward(0.5).orElseThrow()).isCloseTo(1 / 90.0, within(1e-12));
    assertThat(curve.reward(2.3)).hasValue(Double.POSITIVE_INFINITY);
    assertThat(curve.reward(3)).hasValue(Double.POSITIVE_INFINITY);
    assertThat(curve.reward(0.3)).isEmpty();
    assertThat(curve.reward(Double.NaN)).isEmpty();
    assertThat(curve.reaches(0.3)).isFalse();
    assertThat(curve.reaches(0.31)).isTrue();
  }

  @Test
  void absurdCurvesAreRefused() {
    assertThatThrownBy(() -> new LossCurve(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LossCurve(1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LossCurve(1, 1, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LossCurve(Double.NaN, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LossCurve.fit(new double[3], new double[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 times, but 4 losses");
  }
}
