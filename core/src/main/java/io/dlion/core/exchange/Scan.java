package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.Selection;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Collects the entries of at least a given magnitude, in order. The entries of a block are first
 * marked, by a loop the compiler vectorises; the marks of {@value #ROWS} entries at a time are put
 * together, by another; only groups that hold a mark are looked into. At 1 % of the entries that is
 * one group in thirteen. Not thread safe.
 */
final class Scan {
  private static final int ROWS = 8;
  private static final int GROUPS = Blocks.BLOCK / ROWS;
  private static final int MAGNITUDE = 0x7fffffff; // all bits of a float but its sign

  private final int[] marks = new int[Blocks.BLOCK];
  private final int[] rows = new int[GROUPS];
  private final int[] groups = new int[GROUPS + 1];
  private final int[] groupRows = new int[GROUPS + 1];
  private final int[] hits = new int[Blocks.BLOCK + 1];
  private final float[] values = new float[Blocks.BLOCK];
  private final MemorySegment valueBytes = MemorySegment.ofArray(values);
  private final MemorySegment markBytes = MemorySegment.ofArray(marks);

  /** Scans a whole variable as {@link #block} does. */
  float variable(Pending source, Variable v, float floor, Selection into) {
    float max = 0;
    for (int from = 0; from < v.count(); from += Blocks.BLOCK) {
      max = Math.max(max, block(source, v, from, floor, into));
    }
    return max;
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
    int found = count <= GROUPS ? hitsOneByOne(count) : hitsByGroups(count);
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

  /** The greatest magnitude of a variable. */
  float greatest(Pending source, Variable v) {
    int max = 0;
    for (int from = 0; from < v.count(); from += Blocks.BLOCK) {
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

  // Hits are counted without a branch: which groups and entries are large is as good as random, and
  // a mispredicted branch costs more than the rest.

  private int hitsOneByOne(int count) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      hits[n] = i;
      n += marks[i];
    }
    return n;
  }

  private int hitsByGroups(int count) {
    Arrays.fill(marks, count, Blocks.BLOCK, 0);
    gather(marks, rows);
    int large = 0;
    for (int g = 0; g < GROUPS; g++) {
      groups[large] = g;
      groupRows[large] = rows[g];
      large += -rows[g] >>> 31;
    }
    int n = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int k = 0; k < large; k++) {
        hits[n] = row * GROUPS + groups[k];
        n += (groupRows[k] >> row) & 1;
      }
    }
    return n;
  }

  /** Bit k of {@code rows[g]} is {@code marks[g + k · GROUPS]}. */
  private static void gather(int[] m, int[] rows) {
    for (int g = 0; g < GROUPS; g++) {
      int r0 = m[g] | (m[g + GROUPS] << 1);
      int r2 = (m[g + 2 * GROUPS] << 2) | (m[g + 3 * GROUPS] << 3);
      int r4 = (m[g + 4 * GROUPS] << 4) | (m[g + 5 * GROUPS] << 5);
      int r6 = (m[g + 6 * GROUPS] << 6) | (m[g + 7 * GROUPS] << 7);
      rows[g] = r0 | r2 | r4 | r6;
    }
  }
}
