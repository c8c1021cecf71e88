package io.dlion.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Part;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

public class MomentumTest {
  private static final double[] NONE_OR_SOME = {0, 0.9};

  @Test
  void oneStepByHand() {
    // v = 0.5·2 + (0.25·4 + 1 + 0.1·10) = 4, w = 10 − 0.5·4
    Momentum momentum = new Momentum(1, 0.5, 0.5, 0.1);
    momentum.velocity()[0] = 2;
    float[] weights = {10};
    float[] update = {1};
    momentum.step(
        List.of(Part.of(segment(4), 0.25f), Part.taking(update)), MemorySegment.ofArray(weights));
    assertThat(momentum.velocity()[0]).isCloseTo(4f, within(1e-6f));
    assertThat(weights[0]).isCloseTo(8f, within(1e-6f));
    assertThat(update[0]).isZero();
  }

  @Test
  void stepsFollowTheFormulaInDoublePrecision() {
    Seeded.check(
        40,
        random -> {
          int size = sizeAroundBlocks(random);
          double momentum = NONE_OR_SOME[random.nextInt(2)];
          double decay = random.nextInt(2) * 0.01;
          Momentum optimizer = new Momentum(size, 0.1, momentum, decay);
          float[] weights = normal(random, size);
          double[] w = doubles(weights);
          double[] v = new double[size];
          for (int step = 0; step < 5; step++) {
            float[] gradient = normal(random, size);
            float[] update = normal(random, size);
            float[] before = update.clone();
            float factor = random.nextInt(3) / 2f;
            for (int i = 0; i < size; i++) {
              double u = factor * (double) gradient[i] + before[i];
              v[i] = momentum * v[i] + u + decay * w[i];
              w[i] -= 0.1 * v[i];
            }
            optimizer.step(
                List.of(Part.of(segment(gradient), factor), Part.taking(update)),
                MemorySegment.ofArray(weights));
            assertThat(update).containsOnly(new float[update.length]);
          }
          for (int i = 0; i < size; i++) {
            assertThat((double) weights[i])
                .as("weight %d of %d", i, size)
                .isCloseTo(w[i], within(1e-4));
          }
        });
  }

  @Test
  void plainDescentKeepsNoVelocity() {
    assertThat(new Momentum(100, 0.1, 0, 0.1).velocity()).isEmpty();
    assertThat(new Momentum(100, 0.1, 0.9, 0.1).velocity()).hasSize(100);
  }

  public static int sizeAroundBlocks(SplittableRandom random) {
    int blocks = random.nextInt(3) * Blocks.BLOCK;
    return Math.max(1, blocks + random.nextInt(5) - 2);
  }

  public static float[] normal(SplittableRandom random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  private static MemorySegment segment(float... values) {
    return MemorySegment.ofArray(values);
  }
}
