package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.Selection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Collects the entries of at least a given magnitude, in order. The entries of a block are first
 * marked, by a loop the compiler vectorises. Where few are marked, four marks at a time are looked
 * at together, which mostly are zero; where many are, one by one without a branch, for whether an
 * entry is large is as good as random, and a mispredicted branch costs more than the rest. Not
 * thread safe.
 */
final class Scan {
  private static final int MAGNITUDE = 0x7fffffff; // all bits of a float but its sign
  private static final int MANY = 20; // if one in so many is marked

  private final int[] marks = new int[Blocks.BLOCK];
  private final int[] hits = new int[Blocks.BLOCK + 1];
  private final float[] values = new float[Blocks.BLOCK];
  private final MemorySegment valueBytes = MemorySegment.ofArray(values);
  private final MemorySegment markBytes = MemorySegment.ofArray(marks);
  private boolean many;

  /** Scans what a window shows of a variable as {@link #block} does. */
  void variable(Pending source, Variable v, Window window, float floor, Selection into) {
    for (int from = 0; from < v.count(); from += Blocks.BLOCK) {
      if (window.shows(v, from / Blocks.BLOCK)) {
        block(source, v, from, floor, into);
      }
    }
  }

  /**
   * Scans one block of a variable.
   *
   * @param from index within the variable of the block's first entry
   * @param floor magnitude from which entries are collected; zeros never are, but entries below the
   *     floor by rounding may be
   * @return the greatest magnitude among those collected, 0 if there are none
   */
  float block(Pending source, Variable v, int from, float floor, Selection into) {
    int count = Math.min(Blocks.BLOCK, v.count() - from);
    source.mark(v.offset() + from, count, inverse(floor), marks);
    int found = many ? hitsOneByOne(count) : hitsInFours(count);
    many = found * MANY > count; // most likely in the next block, too
    source.pick(v.offset() + from, hits, found, values);
    into.add(from, hits, values, found);
    int max = 0;
    for (int i = 0; i < found; i++) {
      max = Math.max(max, Float.floatToRawIntBits(values[i]) & MAGNITUDE);
    }
    return Float.intBitsToFloat(max);
  }

  /** A number that, times anything of at least {@code floor}, is at least 1, rounding included. */
  private static float inverse(float floor) {
    return Math.nextUp(Math.nextUp(1 / floor));
  }

  /** The greatest magnitude that a window shows of a variable. */
  float greatest(Pending source, Variable v, Window window) {
    int max = 0;
    for (int from = 0; from < v.count(); from += Blocks.BLOCK) {
      if (!window.shows(v, from / Blocks.BLOCK)) {
        continue;
      }
      int count = Math.min(Blocks.BLOCK, v.count() - from);
      source.read(v.offset() + from, count, values);
      MemorySegment.copy(valueBytes, 0, markBytes, 0, 4L * count);
      // As the integers their bits make: the greatest of two floats is not vectorised.
      for (int i = 0; i < count; i++) {
        max = Math.max(max, marks[i] & MAGNITUDE);
      }
    }
    return Float.intBitsToFloat(max);
  }

  private int hitsOneByOne(int count) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      hits[n] = i;
      n += marks[i];
    }
    return n;
  }

  private int hitsInFours(int count) {
    int fours = count & -4;
    int n = 0;
    for (int i = 0; i < fours; i += 4) {
      if ((pair(i) | pair(i + 2)) != 0) {
        for (int k = i; k < i + 4; k++) {
          hits[n] = k;
          n += marks[k];
        }
      }
    }
    for (int i = fours; i < count; i++) {
      hits[n] = i;
      n += marks[i];
    }
    return n;
  }

  /** Two marks, as one number. */
  private long pair(int i) {
    return markBytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 4L * i);
  }
}
