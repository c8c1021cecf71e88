package io.dlion.core.wire;

import java.util.Arrays;

/**
 * Values as two bits each that choose from a table for each {@value ValueFormat#GROUP} of them:
 * four levels in bf16, then four values in a byte, the lowest bits first. 3 bits a value.
 * SparseLoCo (Sarfi et al. '25) sends the means of four bins of 1.5 standard deviations; here the
 * bins are found by Lloyd's iterations ('82), which a receiver need not know. Whatever is left is
 * for error feedback. The same values are always the same bytes. Not thread safe.
 */
final class TwoBits {
  private static final int GROUP = ValueFormat.GROUP;
  private static final int LEVELS = 4;
  private static final int TABLE_BYTES = LEVELS * Short.BYTES;
  private static final int ITERATIONS = 8;

  private final float[] sorted = new float[GROUP];
  private final float[] level = new float[LEVELS];
  private final float[] limit = new float[LEVELS - 1];
  private final double[] sum = new double[LEVELS];
  private final int[] members = new int[LEVELS];

  /** Writes values and leaves in the array what the receiver will read. */
  void write(float[] values, int first, int count, byte[] b, int at) {
    int to = at;
    for (int i = 0; i < count; i += GROUP) {
      int some = Math.min(GROUP, count - i);
      findLevels(values, first + i, some);
      writeGroup(values, first + i, some, b, to);
      to += ValueFormat.INT2.bytesOfGroup();
    }
  }

  /** Ascending levels, each the mean of the values that are nearer to it than to any other. */
  private void findLevels(float[] values, int first, int count) {
    System.arraycopy(values, first, sorted, 0, count);
    Arrays.sort(sorted, 0, count);
    for (int k = 0; k < LEVELS; k++) {
      level[k] = sorted[(2 * k + 1) * count / (2 * LEVELS)];
    }
    for (int n = 0; n < ITERATIONS; n++) {
      limits();
      Arrays.fill(sum, 0);
      Arrays.fill(members, 0);
      for (int i = 0; i < count; i++) {
        int k = nearest(sorted[i]);
        sum[k] += sorted[i];
        members[k]++;
      }
      for (int k = 0; k < LEVELS; k++) {
        level[k] = members[k] == 0 ? level[k] : (float) (sum[k] / members[k]);
      }
    }
  }

  private void limits() {
    for (int k = 0; k < LEVELS - 1; k++) {
      limit[k] = level[k] / 2 + level[k + 1] / 2; // the sum might overflow
    }
  }

  private int nearest(float value) {
    return (value > limit[0] ? 1 : 0) + (value > limit[1] ? 1 : 0) + (value > limit[2] ? 1 : 0);
  }

  private void writeGroup(float[] values, int first, int count, byte[] b, int at) {
    for (int k = 0; k < LEVELS; k++) {
      short half = ValueFormat.toBf16(level[k]);
      Bytes.putShort(b, at + Short.BYTES * k, half);
      level[k] = ValueFormat.fromBf16(half);
    }
    limits();
    for (int i = 0; i < count; i++) {
      int code = nearest(values[first + i]);
      int place = at + TABLE_BYTES + i / 4;
      b[place] = (byte) ((i & 3) == 0 ? code : b[place] | code << (2 * (i & 3)));
      values[first + i] = level[code];
    }
  }

  /** Reads values number {@code from} to {@code from + count} of those that begin at a place. */
  static void read(byte[] b, int at, int from, int count, float[] block, int to) {
    for (int i = from; i < from + count; i++) {
      int begin = at + i / GROUP * ValueFormat.INT2.bytesOfGroup();
      int place = i % GROUP;
      int code = b[begin + TABLE_BYTES + place / 4] >> (2 * (place & 3)) & 3;
      block[to + i - from] = level(b, begin, code);
    }
  }

  private static float level(byte[] b, int group, int code) {
    return ValueFormat.fromBf16(Bytes.getShort(b, group + Short.BYTES * code));
  }

  /** No value is larger than this; NaN if a level is not finite, used or not. */
  static float most(byte[] b, int at, int count) {
    float most = 0;
    for (int i = 0; i < count; i += GROUP) {
      int begin = at + i / GROUP * ValueFormat.INT2.bytesOfGroup();
      for (int k = 0; k < LEVELS; k++) {
        float level = level(b, begin, k);
        most = Math.max(most, Math.abs(level) + 0 * level);
      }
    }
    return most;
  }
}
