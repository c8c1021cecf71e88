package io.dlion.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairMomentumTest {
  @Test
  void twoRoundsByHand() {
    PairMomentum pair = new PairMomentum(1, 0.5, 0.5, 0.25);
    float[] w = {8};
    float[] distance = {2}; // w_local = 6
    pair.contribute(0, distance, w);
    assertThat(distance).containsExactly(-1); // 0.5·2 − 0.25·8
    // The partner has w = 4 and went to 8: y = 0.5·(−4) − 0.25·4 = −3; the mean is −2.
    pair.step(new float[] {-2}, w, 0, 1);
    // v = 0.5·(−2 + 4)/2 + 0.25·(6 − 8) = 0
    assertThat(pair.velocity()).containsExactly(0);
    assertThat(w).containsExactly(8);

    float[] alone = {4}; // w_local = 4
    pair.contribute(0, alone, w);
    pair.step(alone, w, 0, 1);
    assertThat(pair.velocity()).containsExactly(-2); // 0.5·(−4): nothing pulls
    assertThat(w).containsExactly(6);
    float[] nowhere = {0};
    pair.contribute(0, nowhere, w);
    pair.step(nowhere, w, 0, 1);
    assertThat(w).containsExactly(5); // v = 0.5·(−2)
  }

  @Test
  void onlyTheRangeGivenIsTouched() {
    PairMomentum pair = new PairMomentum(3, 1, 0, 1);
    float[] w = {1, 1, 1};
    pair.step(new float[] {-2, -2, -2}, w, 1, 2);
    assertThat(w).containsExactly(1, 2, 1);
    assertThat(pair.velocity()).containsExactly(0, 1, 0);
  }

  /**
   * Against the paper's two means, in double precision; and their mean moves as one model would.
   */
  @Test
  void isThePapersRuleInDoublePrecision() {
    SplittableRandom random = new SplittableRandom(3);
    int size = 50;
    double eta = 0.7;
    double mu = 0.5;
    double gamma = 0.9;
    PairMomentum[] pair = {
      new PairMomentum(size, eta, mu, gamma), new PairMomentum(size, eta, mu, gamma)
    };
    float[][] w = new float[2][size];
    double[][] expected = new double[2][size];
    double[][] v = new double[2][size];
    for (int k = 0; k < 2; k++) {
      for (int i = 0; i < size; i++) {
        w[k][i] = (float) random.nextGaussian();
        expected[k][i] = w[k][i];
      }
    }
    for (int round = 0; round < 20; round++) {
      float[][] y = new float[2][size];
      float[] mean = new float[size];
      double[] meanStep = new double[size];
      double[] meanWeights = new double[size];
      for (int k = 0; k < 2; k++) {
        for (int i = 0; i < size; i++) {
          double step = 0.1 * random.nextGaussian();
          y[k][i] = (float) -step;
          meanStep[i] += step / 2;
          meanWeights[i] += expected[k][i] / 2;
        }
        pair[k].contribute(0, y[k], w[k]);
        for (int i = 0; i < size; i++) {
          mean[i] += y[k][i] / 2;
        }
      }
      for (int k = 0; k < 2; k++) {
        pair[k].step(mean, w[k], 0, size);
        for (int i = 0; i < size; i++) {
          v[k][i] = mu * v[k][i] + eta * meanStep[i] + gamma * (meanWeights[i] - expected[k][i]);
          expected[k][i] += v[k][i];
          assertThat((double) w[k][i]).isCloseTo(expected[k][i], within(2e-5));
        }
      }
    }
    for (int i = 0; i < size; i++) {
      assertThat(w[0][i]).as("pulled together").isCloseTo(w[1][i], within(0.01f));
    }
  }
}
