package io.dlion.core.wire;

/**
 * Values as whole numbers from −7 to 7 times a scale for each {@value ValueFormat#GROUP} of them:
 * bf16, {@code max|v| / 7}, then two values in a byte, the lower half first. 4.25 bits a value.
 * Rounded to the nearest, so that the same values are always the same bytes; what rounding leaves
 * is for error feedback.
 */
final class FourBits {
  private static final int GROUP = ValueFormat.GROUP;
  private static final int MAX = 7;

  private FourBits() {}

  /** Writes values and leaves in the array what the receiver will read. */
  static void write(float[] values, int first, int count, byte[] b, int at) {
    int to = at;
    for (int i = 0; i < count; i += GROUP) {
      int some = Math.min(GROUP, count - i);
      writeGroup(values, first + i, some, b, to);
      to += ValueFormat.INT4.bytesOfGroup();
    }
  }

  private static void writeGroup(float[] values, int first, int count, byte[] b, int at) {
    float max = 0;
    for (int i = first; i < first + count; i++) {
      max = Math.max(max, Math.abs(values[i]));
    }
    short half = ValueFormat.toBf16(max / MAX);
    if (Float.isInfinite(MAX * ValueFormat.fromBf16(half))) {
      half--; // near the largest float it may have been rounded up
    }
    float scale = ValueFormat.fromBf16(half);
    Bytes.putShort(b, at, half);
    for (int i = 0; i < count; i++) {
      double exact = scale == 0 ? 0 : Math.rint(values[first + i] / scale);
      int code = (int) Math.max(-MAX, Math.min(MAX, exact));
      int place = at + Short.BYTES + i / 2;
      b[place] = (byte) ((i & 1) == 0 ? code & 0xf : b[place] | code << 4);
      values[first + i] = code * scale;
    }
  }

  /** Reads values number {@code from} to {@code from + count} of those that begin at a place. */
  static void read(byte[] b, int at, int from, int count, float[] block, int to) {
    int i = from;
    while (i < from + count) {
      int group = i / GROUP;
      int begin = at + group * ValueFormat.INT4.bytesOfGroup();
      float scale = ValueFormat.fromBf16(Bytes.getShort(b, begin));
      int end = Math.min(from + count, (group + 1) * GROUP);
      for (; i < end; i++) {
        int place = i - group * GROUP;
        int code = b[begin + Short.BYTES + place / 2] << (28 - 4 * (place & 1)) >> 28;
        block[to + i - from] = code * scale;
      }
    }
  }

  /** No value is larger than this; NaN if a scale is not finite. */
  static float most(byte[] b, int at, int count) {
    float most = 0;
    for (int i = 0; i < count; i += GROUP) {
      int begin = at + i / GROUP * ValueFormat.INT4.bytesOfGroup();
      float scale = ValueFormat.fromBf16(Bytes.getShort(b, begin));
      most = Math.max(most, Math.abs(scale) + 0 * scale);
    }
    return (MAX + 1) * most;
  }
}
