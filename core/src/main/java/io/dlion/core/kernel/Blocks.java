package io.dlion.core.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Loops over flat float buffers in blocks of {@value #BLOCK} floats. A block of native memory is
 * copied into a heap array that stays in the nearest cache, worked on by loops simple enough for
 * the compiler to vectorise, and copied back: at memory speed, without the model ever being copied
 * as a whole.
 *
 * <p>Every loop uses one and the same index for all its arrays. With different offsets the compiler
 * cannot rule out that the arrays overlap, and would not vectorise; copying a block first is far
 * cheaper than that.
 */
public final class Blocks {
  /** Floats in one block: 8 KiB, so that three of them fit into a common first-level cache. */
  public static final int BLOCK = 2048;

  private Blocks() {}

  /**
   * Copies {@code count} floats of a segment, from float number {@code offset}, to the start of
   * {@code block}. The segment may be part of a message, and lie anywhere.
   */
  public static void read(MemorySegment from, int offset, int count, float[] block) {
    MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * offset, block, 0, count);
  }

  /** Copies the first {@code count} floats of a block back into a segment. */
  public static void write(float[] block, int count, MemorySegment to, int offset) {
    MemorySegment.copy(block, 0, to, ValueLayout.JAVA_FLOAT, 4L * offset, count);
  }

  /** Whether every float of the segment is finite. One pass at memory speed. */
  public static boolean allFinite(MemorySegment values, int size) {
    float[] block = new float[Math.min(BLOCK, size)];
    float[] zeros = new float[block.length];
    for (int at = 0; at < size; at += BLOCK) {
      int count = Math.min(BLOCK, size - at);
      read(values, at, count, block);
      addZeroTimes(block, count, zeros);
    }
    return allZero(zeros);
  }

  /**
   * {@code sums += 0 · values}: afterwards a sum is NaN exactly if one of its values was NaN or
   * infinite.
   */
  public static void addZeroTimes(float[] values, int count, float[] sums) {
    for (int i = 0; i < count; i++) {
      sums[i] += 0f * values[i];
    }
  }

  /** The same of {@code scale · values}, which may be infinite where a value is not. */
  public static void addZeroTimes(float[] values, int count, float scale, float[] sums) {
    for (int i = 0; i < count; i++) {
      sums[i] += 0f * (scale * values[i]);
    }
  }

  /**
   * {@code maxima[i] = max(maxima[i], |values[i]|)}: the greatest of all, a block at a time,
   * without each entry having to wait for the one before.
   */
  public static void raise(float[] values, int count, float[] maxima) {
    for (int i = 0; i < count; i++) {
      maxima[i] = Math.max(maxima[i], Math.abs(values[i]));
    }
  }

  /** Whether every value is zero (not NaN): the second half of {@link #addZeroTimes}. */
  public static boolean allZero(float[] sums) {
    int bits = 0;
    for (float s : sums) {
      bits |= Float.floatToRawIntBits(s) << 1; // all but the sign; without a branch it is fast
    }
    return bits == 0;
  }

  /** {@code to[i] += factor · from[i]} for the first {@code count} floats. */
  public static void addScaled(float[] from, int count, float factor, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] += factor * from[i];
    }
  }

  /** {@code values[i] *= factor} for the first {@code count} floats. */
  public static void scale(float[] values, int count, float factor) {
    for (int i = 0; i < count; i++) {
      values[i] *= factor;
    }
  }

  /** {@code from[i] -= values[i]} for the first {@code count} floats. */
  public static void subtract(float[] values, int count, float[] from) {
    for (int i = 0; i < count; i++) {
      from[i] -= values[i];
    }
  }

  /** {@code to += factor · from}, whole buffers. */
  public static void addScaled(MemorySegment from, float factor, float[] to) {
    add(Part.of(from, factor), to);
  }

  /** Adds a part of an update to all the others. */
  public static void add(Part part, float[] to) {
    float[] sum = new float[BLOCK];
    for (int at = 0; at < to.length; at += BLOCK) {
      int count = Math.min(BLOCK, to.length - at);
      System.arraycopy(to, at, sum, 0, count);
      part.addTo(at, count, sum);
      System.arraycopy(sum, 0, to, at, count);
    }
  }

  /**
   * Moves weights towards others: {@code w ← w − λ·(w − other)}, the rule of direct knowledge
   * transfer (HPDC '21, section 3.4).
   */
  public static void blend(MemorySegment weights, MemorySegment other, int size, float lambda) {
    float[] w = new float[BLOCK];
    float[] o = new float[BLOCK];
    for (int at = 0; at < size; at += BLOCK) {
      int count = Math.min(BLOCK, size - at);
      read(weights, at, count, w);
      read(other, at, count, o);
      for (int i = 0; i < count; i++) {
        w[i] -= lambda * (w[i] - o[i]);
      }
      write(w, count, weights, at);
    }
  }
}
