package io.dlion.core.kernel;

/**
 * Rounds floats to signed bytes times a scale, up or down at random so that the expected value is
 * exact (QSGD, Alistarh et al. '17): {@code q = ⌊v/scale + u⌋} with u uniform in [0, 1). The random
 * numbers are a hash of a counter rather than a chain of states, so that the loop becomes vector
 * instructions. Not thread safe.
 */
public final class StochasticRounding {
  /** Makes every number that is rounded down positive, where a cast is as good as a floor. */
  private static final int LIFT = 128;

  private final int[] codes = new int[Blocks.BLOCK];
  private int counter;

  /** Rounding whose random numbers follow from a seed. */
  public StochasticRounding(long seed) {
    this.counter = (int) (seed ^ (seed >>> 32));
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
      codes(values, first, count, inverse, counter, codes);
    }
    counter += count;
    for (int i = 0; i < count; i++) {
      to[at + i] = (byte) codes[i];
    }
    for (int i = 0; i < count; i++) {
      values[first + i] = codes[i] * scale;
    }
  }

  private static void codes(
      float[] values, int first, int count, float inverse, int counter, int[] codes) {
    for (int i = 0; i < count; i++) {
      float u = (hash(counter + i) >>> 8) * 0x1p-24f;
      int code = (int) (values[first + i] * inverse + u + LIFT) - LIFT;
      codes[i] = Math.max(-127, Math.min(127, code));
    }
  }

  /** Murmur3's finalizer (Appleby): every bit of the counter decides every bit of the hash. */
  private static int hash(int counter) {
    int h = counter;
    h ^= h >>> 16;
    h *= 0x85ebca6b;
    h ^= h >>> 13;
    h *= 0xc2b2ae35;
    return h ^ (h >>> 16);
  }
}
