package io.dlion.core.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GradientNoiseTest {
  /** Gradients of mean 0.1 and variance 4/b in each entry: the noise scale is 4 / 0.01 samples. */
  private static double estimate(SplittableRandom random, int size, int steps, boolean vary) {
    GradientNoise noise = new GradientNoise(size);
    for (int t = 0; t < steps; t++) {
      int batch = vary ? 16 + random.nextInt(33) : 32;
      float[] gradient = new float[size];
      for (int i = 0; i < size; i++) {
        gradient[i] = (float) (0.1 + 2 / Math.sqrt(batch) * random.nextGaussian());
      }
      noise.observe(MemorySegment.ofArray(gradient), batch);
    }
    return noise.scale();
  }

  @Test
  void aKnownNoiseScaleIsFound() {
    Seeded.check(5, r -> assertThat(estimate(r, 4000, 200, false)).isCloseTo(400, within(60.0)));
    Seeded.check(2, r -> assertThat(estimate(r, 40_000, 100, false)).isCloseTo(400, within(60.0)));
  }

  @Test
  void changingBatchesDoNotMislead() {
    Seeded.check(3, r -> assertThat(estimate(r, 4000, 300, true)).isCloseTo(400, within(80.0)));
  }

  @Test
  void nothingIsSaidTooEarlyOrWithoutDirection() {
    SplittableRandom random = new SplittableRandom(1);
    assertThat(estimate(random, 100, 20, false)).isZero();
    GradientNoise noise = new GradientNoise(50);
    for (int t = 0; t < 200; t++) {
      noise.observe(MemorySegment.ofArray(new float[50]), 32);
    }
    assertThat(noise.scale()).isZero();
    GradientNoise exact = new GradientNoise(1);
    for (int t = 0; t < 200; t++) {
      exact.observe(MemorySegment.ofArray(new float[] {3}), 32);
    }
    assertThat(exact.scale()).isCloseTo(0, within(1e-6));
  }
}
