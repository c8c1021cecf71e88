package io.dlion.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DelayedNesterovTest {
  private static final int SIZE = 5;

  private static float[] random(SplittableRandom random) {
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /**
   * The update of the paper with c = 0, in double precision: N arrivals share a momentum, and each
   * counts 1/N.
   */
  @Test
  void oneWorkerIsThePapersServerWithABufferOfItsDelay() {
    Seeded.check(
        30,
        random -> {
          int n = 1 + random.nextInt(4);
          double rate = 0.7;
          double beta = 0.9;
          DelayedNesterov own = new DelayedNesterov(SIZE, rate, beta, n);
          float[] weights = random(random);
          double[] server = new double[SIZE];
          for (int i = 0; i < SIZE; i++) {
            server[i] = weights[i];
          }
          double[] m = new double[SIZE];
          double[] gathered = new double[SIZE];
          for (int t = 0; t < 12; t++) {
            float[] g = random(random);
            float[] contribution = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
              contribution[i] = g[i] / n; // its weight among N arrivals
              gathered[i] += g[i];
              if ((t + 1) % n == 0) {
                m[i] = beta * m[i] + gathered[i] / n;
                server[i] -= rate * (beta * m[i] + g[i] / n);
                gathered[i] = 0;
              } else {
                server[i] -= rate * g[i] / n;
              }
            }
            own.contribute(t, contribution, weights);
            own.step(contribution, weights, 0, SIZE);
            for (int i = 0; i < SIZE; i++) {
              assertThat((double) weights[i]).isCloseTo(server[i], within(1e-5));
            }
          }
        });
  }

  @Test
  void whereAllArriveAtOnceItIsNesterovOnTheirMean() {
    Seeded.check(
        20,
        random -> {
          int workers = 1 + random.nextInt(5);
          Nesterov together = new Nesterov(SIZE, 0.7, 0.9);
          float[] expected = random(random);
          float[] weights = expected.clone();
          List<DelayedNesterov> each = new ArrayList<>();
          for (int k = 0; k < workers; k++) {
            each.add(new DelayedNesterov(SIZE, 0.7, 0.9, 1));
          }
          for (int round = 0; round < 10; round++) {
            float[] mean = new float[SIZE];
            float[] sum = new float[SIZE];
            for (DelayedNesterov one : each) {
              float[] distance = random(random);
              for (int i = 0; i < SIZE; i++) {
                distance[i] /= workers;
                mean[i] += distance[i];
              }
              one.contribute(round, distance, weights);
              for (int i = 0; i < SIZE; i++) {
                sum[i] += distance[i];
              }
            }
            together.step(mean, expected, 0, SIZE);
            each.getFirst().step(sum, weights, 0, SIZE);
            assertThat(weights).containsExactly(expected, within(1e-4f));
          }
        });
  }

  /** Whoever has everything has the same weights, whatever came late and in which order. */
  @Test
  void theOrderInWhichContributionsComeDoesNotMatter() {
    Seeded.check(
        20,
        random -> {
          List<float[]> contributions = new ArrayList<>();
          for (int k = 0; k < 3; k++) {
            DelayedNesterov one = new DelayedNesterov(SIZE, 0.7, 0.9, 1 + random.nextInt(3));
            for (int round = 0; round < 1 + random.nextInt(8); round++) {
              float[] distance = random(random);
              one.contribute(round, distance, new float[SIZE]);
              contributions.add(distance);
            }
          }
          float[] first = apply(contributions);
          Collections.shuffle(contributions, new Random(random.nextLong()));
          assertThat(apply(contributions)).containsExactly(first, within(1e-4f));
        });
  }

  private static float[] apply(List<float[]> contributions) {
    float[] weights = new float[SIZE];
    DelayedNesterov any = new DelayedNesterov(SIZE, 0.7, 0.9, 1);
    contributions.forEach(one -> any.step(one, weights, 0, SIZE));
    return weights;
  }

  @Test
  void withoutMomentumItRemembersNothing() {
    DelayedNesterov plain = new DelayedNesterov(SIZE, 0.5, 0, 3);
    float[] distance = {2, 4, 6, 8, 10};
    plain.contribute(2, distance, new float[SIZE]);
    assertThat(distance).containsExactly(1, 2, 3, 4, 5);
    assertThat(plain.velocity()).isEmpty();
    assertThat(plain.isShared()).isFalse();
  }
}
