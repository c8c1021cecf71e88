package io.dlion.data.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirichletTest {
  private static final int DRAWS = 40_000;

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 4.5})
  void gammaVariatesHaveTheMeanAndVarianceOfTheirShape(double shape) {
    SplittableRandom random = new SplittableRandom(11);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double x = StrictMath.exp(Dirichlet.logGamma(shape, random));
      sum += x;
      squares += x * x;
    }
    double mean = sum / DRAWS;
    assertThat(mean).as("seed 11").isCloseTo(shape, within(0.03 * shape + 0.01));
    assertThat(squares / DRAWS - mean * mean).isCloseTo(shape, within(0.08 * shape + 0.02));
  }

  @Test
  void meanWeightsAreInProportionToTheConcentration() {
    SplittableRandom random = new SplittableRandom(12);
    double[] mean = new double[3];
    for (int i = 0; i < DRAWS; i++) {
      double[] weights = Dirichlet.draw(new double[] {0.5, 0, 1.5}, random);
      for (int c = 0; c < 3; c++) {
        mean[c] += weights[c] / DRAWS;
      }
    }
    assertThat(mean[0]).as("seed 12").isCloseTo(0.25, within(0.01));
    assertThat(mean[1]).isZero();
  }

  @Test
  void tinyConcentrationsDoNotUnderflow() {
    double[] tiny = new double[10];
    Arrays.fill(tiny, 1e-6);
    double[] weights = Dirichlet.draw(tiny, new SplittableRandom(13));
    assertThat(Arrays.stream(weights).sum()).isCloseTo(1, within(1e-12));
    assertThat(Arrays.stream(weights).max()).hasValueCloseTo(1.0, within(1e-9));
  }
}
