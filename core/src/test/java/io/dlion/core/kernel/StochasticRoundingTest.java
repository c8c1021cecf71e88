package io.dlion.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StochasticRoundingTest {
  private final byte[] bytes = new byte[Blocks.BLOCK + 1];

  @Test
  void theExpectedValueIsExact() {
    StochasticRounding rounding = new StochasticRounding(7);
    for (float value : new float[] {-126.75f, -1.5f, -0.25f, 0.01f, 0.5f, 3.9f, 126.1f}) {
      double sum = 0;
      int rounds = 200;
      for (int r = 0; r < rounds; r++) {
        float[] values = new float[Blocks.BLOCK];
        java.util.Arrays.fill(values, 0.5f * value);
        rounding.round(values, 0, values.length, 0.5f, bytes, 0);
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i]).isEqualTo(0.5f * bytes[i]);
          assertThat((double) bytes[i]).isBetween(Math.floor(value), Math.ceil(value) + 0.0);
          sum += bytes[i];
        }
      }
      // The standard error of the mean of 409,600 is at most 0.5/640.
      assertThat(sum / (rounds * Blocks.BLOCK)).isCloseTo(value, within(0.004));
    }
  }

  @Test
  void neighboursAreRoundedIndependently() {
    StochasticRounding rounding = new StochasticRounding(3);
    int both = 0;
    int pairs = 0;
    for (int r = 0; r < 100; r++) {
      float[] values = new float[Blocks.BLOCK];
      java.util.Arrays.fill(values, 0.5f);
      rounding.round(values, 0, values.length, 1, bytes, 0);
      for (int i = 1; i < values.length; i++) {
        both += bytes[i - 1] * bytes[i];
        pairs++;
      }
    }
    assertThat(both / (double) pairs).isCloseTo(0.25, within(0.005));
  }

  @Test
  void wholeNumbersAndTheirBoundsStayAsTheyAre() {
    float[] values = {9, -127, 0, 127, 1, 9};
    new StochasticRounding(1).round(values, 1, 4, 1, bytes, 2);
    assertThat(values).containsExactly(9, -127, 0, 127, 1, 9);
    assertThat(java.util.Arrays.copyOf(bytes, 7)).containsExactly(0, 0, -127, 0, 127, 1, 0);
  }

  @Test
  void nothingIsRoundedToNothing() {
    float[] values = new float[3];
    new StochasticRounding(1).round(values, 0, 3, 0, bytes, 0);
    assertThat(values).containsOnly(0);
  }

  @Test
  void theSmallestScalesHaveNoInverse() {
    float scale = Float.MIN_VALUE;
    float[] values = {127 * scale, -3 * scale, 0};
    new StochasticRounding(1).round(values, 0, 3, scale, bytes, 0);
    assertThat(values).containsExactly(127 * scale, -3 * scale, 0);
  }

  @Test
  void theSameSeedRoundsAlikeAndAnotherDoesNot() {
    float[] first = halves();
    float[] same = halves();
    float[] other = halves();
    new StochasticRounding(5).round(first, 0, 1000, 1, bytes, 0);
    new StochasticRounding(5).round(same, 0, 1000, 1, bytes, 0);
    new StochasticRounding(6).round(other, 0, 1000, 1, bytes, 0);
    assertThat(same).containsExactly(first);
    assertThat(other).isNotEqualTo(first);
  }

  private static float[] halves() {
    float[] values = new float[1000];
    java.util.Arrays.fill(values, 0.5f);
    return values;
  }
}
