package io.dlion.core.peer.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Seeded;
import io.dlion.core.kernel.Blocks;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The cosine between what was expected and what came. */
final class LikenessTest {
  @Test
  void isTheCosineOverAllEntriesOfRecentMessages() {
    Seeded.check(
        50,
        random -> {
          int size = 1 + random.nextInt(3 * Blocks.BLOCK);
          double opinion = random.nextDouble(-1, 1); // how much is common to both
          Likeness likeness = new Likeness(size);
          double xy = 0;
          double xx = 0;
          double yy = 0;
          for (int message = 0; message < 12; message++) {
            likeness.next(0);
            xy *= 0.998;
            xx *= 0.998;
            yy *= 0.998;
            for (int at = 0; at < size; at += Blocks.BLOCK) {
              int count = Math.min(Blocks.BLOCK, size - at);
              float[] x = normal(count, random);
              float[] y = normal(count, random);
              for (int i = 0; i < count; i++) {
                y[i] += (float) (opinion * x[i]);
                xy += 2.0 * x[i] * 3 * y[i];
                xx += 4.0 * x[i] * x[i];
                yy += 9.0 * y[i] * y[i];
              }
              likeness.compare(x, 2, y, 3, count);
            }
          }
          likeness.next(0);
          assertThat(likeness.cosine()).isCloseTo(xy / Math.sqrt(xx * yy), Offset.offset(1e-4));
        });
  }

  @Test
  void saysNothingBeforeTenMessagesOrOfNothing() {
    Likeness likeness = new Likeness(2);
    float[] x = {1, -2};
    for (int message = 0; message < 10; message++) {
      likeness.next(0);
      assertThat(likeness.cosine()).isZero();
      likeness.compare(x, 1, x, 1, 2);
    }
    likeness.next(0);
    assertThat(likeness.cosine()).isEqualTo(1);
    Likeness ofNothing = new Likeness(2);
    for (int message = 0; message < 20; message++) {
      ofNothing.next(0);
      ofNothing.compare(new float[2], 1, x, 1, 2);
    }
    assertThat(ofNothing.cosine()).isZero();
  }

  @Test
  void staysACosineWhateverTheValues() {
    Seeded.check(
        200,
        random -> {
          Likeness likeness = new Likeness(3);
          for (int message = 0; message < 15; message++) {
            float x = (float) Math.pow(10, random.nextDouble(-45, 38));
            float y = (float) Math.pow(10, random.nextDouble(-45, 38));
            likeness.next(0);
            likeness.compare(normal(3, random), x, normal(3, random), y, 3);
            assertThat(likeness.cosine()).isBetween(-1.0, 1.0);
          }
        });
  }

  @Test
  void aNegativeCosineCountsAsFarAsItIsMoreThanNoise() {
    assertThat(certain(4, 60, 0, -0.5)).as("too early to tell").isZero();
    assertThat(certain(4, 1000, 0, -0.5)).isBetween(-0.45, -0.2);
    assertThat(certain(4, 1000, 0, 0.5)).isBetween(0.4, 0.5);
  }

  @Test
  void whatIsUsualDoesNotCount() {
    assertThat(certain(4, 1000, -0.5, -0.5)).isBetween(-0.02, 0.5);
    assertThat(certain(4, 1000, -0.3, -0.5)).isBetween(-0.25, -0.03);
  }

  @Test
  void noiseIsNotNegative() {
    Seeded.check(
        100,
        random -> assertThat(certain(20, 1000 + random.nextInt(4000), 0, 0)).isGreaterThan(-0.005));
  }

  /** What is certain after messages whose parts common to what was expected are those. */
  private static double certain(int size, int messages, double usual, double common) {
    Likeness likeness = new Likeness(size);
    RandomGenerator random = new SplittableRandom(messages);
    for (int message = 0; message < messages; message++) {
      likeness.next(usual);
      float[] x = normal(size, random);
      float[] y = normal(size, random);
      for (int i = 0; i < size; i++) {
        y[i] = (float) (common * x[i] + Math.sqrt(1 - common * common) * y[i]);
      }
      likeness.compare(x, 1, y, 1, size);
    }
    likeness.next(usual);
    return likeness.certain();
  }

  private static float[] normal(int count, RandomGenerator random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
