package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Counts magnitudes relative to the greatest of them, {@code |g|/max|g_v|}, in bins that are
 * logarithmic but for the mantissa: {@value #PER_OCTAVE} in each octave. Bin 0 holds the greatest.
 * Not thread safe.
 */
final class Histogram {
  private static final int PER_OCTAVE = 128;
  private static final int BIN_SHIFT = 16; // of the bits of a float, to have that many per octave
  private static final int ONE = Float.floatToRawIntBits(1f);

  /** 24 octaves: below them is noise of float32 arithmetic. The last bin holds all of that. */
  static final int BINS = 24 * PER_OCTAVE;

  private final int[] upTo = new int[BINS];
  private final float[] ratios = new float[Blocks.BLOCK];
  private final int[] bins = new int[Blocks.BLOCK];
  private final MemorySegment ratioBytes = MemorySegment.ofArray(ratios);
  private final MemorySegment binBytes = MemorySegment.ofArray(bins);

  /** Counts the values number {@code first} to {@code end}, none of them greater than max. */
  void count(float[] values, int first, int end, float max) {
    Arrays.fill(upTo, 0);
    // The inverse of the smallest floats is not finite.
    float scale = max < 0x1p-100f ? 0x1p100f : 1;
    float inverse = 1 / (max * scale);
    for (int from = first; from < end; from += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, end - from);
      System.arraycopy(values, from, ratios, 0, count);
      divide(ratios, count, scale, inverse);
      MemorySegment.copy(ratioBytes, 0, binBytes, 0, 4L * count); // their bits
      binsOf(bins, count);
      for (int i = 0; i < count; i++) {
        upTo[bins[i]]++;
      }
    }
    for (int k = 1; k < BINS; k++) {
      upTo[k] += upTo[k - 1];
    }
  }

  private static void divide(float[] values, int count, float scale, float inverse) {
    for (int i = 0; i < count; i++) {
      values[i] = Math.abs(values[i] * scale) * inverse;
    }
  }

  private static void binsOf(int[] bits, int count) {
    for (int i = 0; i < count; i++) {
      bits[i] = Math.max(0, Math.min(BINS - 1, (ONE - bits[i]) >> BIN_SHIFT));
    }
  }

  /** How many values are in the bins 0 to k. */
  int upTo(int k) {
    return upTo[k];
  }

  /** The least ratio in bin k; 0 for the last bin, which holds all that is smaller; 1 for −1. */
  static double edge(int k) {
    return k < 0 ? 1 : k >= BINS - 1 ? 0 : Float.intBitsToFloat(ONE - ((k + 1) << BIN_SHIFT) + 1);
  }
}
