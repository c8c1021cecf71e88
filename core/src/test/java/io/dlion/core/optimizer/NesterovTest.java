package io.dlion.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NesterovTest {
  @Test
  void twoStepsByHand() {
    Nesterov nesterov = new Nesterov(1, 0.5, 0.5);
    float[] weights = {10};
    // v = 0.5·0 + 4 = 4, w = 10 − 0.5·(4 + 0.5·4) = 7
    nesterov.step(new float[] {4}, weights, 0, 1);
    assertThat(nesterov.velocity()).containsExactly(4);
    assertThat(weights).containsExactly(7);
    // v = 0.5·4 − 2 = 0, w = 7 − 0.5·(−2 + 0.5·0) = 8
    nesterov.step(new float[] {-2}, weights, 0, 1);
    assertThat(nesterov.velocity()).containsExactly(0);
    assertThat(weights).containsExactly(8);
  }

  @Test
  void onlyTheRangeGivenIsTouched() {
    Nesterov nesterov = new Nesterov(4, 1, 0.9);
    float[] weights = {1, 1, 1, 1};
    nesterov.step(new float[] {1, 1, 1, 1}, weights, 1, 3);
    assertThat(weights).containsExactly(new float[] {1, -0.9f, -0.9f, 1}, within(1e-6f));
    assertThat(nesterov.velocity()).containsExactly(0, 1, 1, 0);
  }

  @Test
  void withoutMomentumItIsPlainDescentAndKeepsNothing() {
    Nesterov nesterov = new Nesterov(2, 1, 0);
    float[] weights = {3, 5};
    nesterov.step(new float[] {1, -2}, weights, 0, 2);
    assertThat(weights).containsExactly(2, 7);
    assertThat(nesterov.velocity()).isEmpty();
  }
}
