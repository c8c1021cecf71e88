package io.dlion.core.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Rounds floats to signed bytes times a scale, up or down at random so that the expected value is
 * exact (QSGD, Alistarh et al. '17): {@code q = ⌊v/scale + u⌋} with u uniform in [0, 1). Each place
 * in a block has a random generator of its own, and each loop does one thing only, so that all of
 * them become vector instructions. Not thread safe.
 */
public final class StochasticRounding {
  /** Makes every number that is rounded down positive, where a cast is as good as a floor. */
  private static final int LIFT = 128;

  private final int[] codes = new int[Blocks.BLOCK];
  private final int[] random = new int[Blocks.BLOCK];

  /** Rounding whose random numbers follow from a seed. */
  public StochasticRounding(long seed) {
    SplittableRandom seeds = new SplittableRandom(seed);
    Arrays.setAll(random, i -> seeds.nextInt(1, Integer.MAX_VALUE)); // 0 would stay 0
  }

  /**
   * Rounds {@code count} values, at most {@link Blocks#BLOCK}.
   *
   * @param values from number {@code first} on: of a magnitude of at most {@code 127 · scale}, and
   *     afterwards what a reader of the bytes will see
   * @param scale more than 0, or 0 if all values are
   * @param to takes the bytes, from number {@code at} on
   */
  public void round(float[] values, int first, int count, float scale, byte[] to, int at) {
    float inverse = scale == 0 ? 0 : 1 / scale;
    if (inverse == Float.POSITIVE_INFINITY) { // a scale so small that only division is left
      for (int i = 0; i < count; i++) {
        codes[i] = Math.round(values[first + i] / scale);
      }
    } else {
      draw(random, count);
      codes(values, first, count, inverse, random, codes);
    }
    for (int i = 0; i < count; i++) {
      to[at + i] = (byte) codes[i];
    }
    for (int i = 0; i < count; i++) {
      values[first + i] = codes[i] * scale;
    }
  }

  private static void codes(
      float[] values, int first, int count, float inverse, int[] random, int[] codes) {
    for (int i = 0; i < count; i++) {
      float u = (random[i] >>> 8) * 0x1p-24f;
      int code = (int) (values[first + i] * inverse + u + LIFT) - LIFT;
      codes[i] = Math.max(-127, Math.min(127, code));
    }
  }

  /** The next numbers (xorshift, Marsaglia '03). */
  private static void draw(int[] random, int count) {
    for (int i = 0; i < count; i++) {
      int x = random[i];
      x ^= x << 13;
      x ^= x >>> 17;
      random[i] = x ^ (x << 5);
    }
  }
}
