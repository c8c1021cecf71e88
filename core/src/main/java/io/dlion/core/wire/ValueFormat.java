package io.dlion.core.wire;

/** How the values of a message are stored. */
public enum ValueFormat {
  /** IEEE 754 single precision: exact. */
  FP32(32, 0, 0),
  /** The upper half of a single, rounded to nearest even: 8 bits of precision, the full range. */
  BF16(16, 0, 0),
  /**
   * A signed byte times one scale per variable, {@code scale = max|v| / 127}; rounded up or down at
   * random so that the expected value is exact (stochastic rounding, as in QSGD, Alistarh '17).
   */
  INT8(8, Float.BYTES, 0),
  /** Four bits times one scale for each {@value #GROUP} values, see {@link FourBits}. */
  INT4(4, 0, Short.BYTES),
  /** Two bits that choose from a table for each {@value #GROUP} values, see {@link TwoBits}. */
  INT2(2, 0, 4 * Short.BYTES);

  /** Values of a variable, in the order of a message, that share what stands before them. */
  static final int GROUP = 64;

  private final int bits;
  private final int scaleBytes;
  private final int groupBytes;

  ValueFormat(int bits, int scaleBytes, int groupBytes) {
    this.bits = bits;
    this.scaleBytes = scaleBytes;
    this.groupBytes = groupBytes;
  }

  /** Bytes of some values of one variable, what their groups share included. */
  public long bytes(int count) {
    int rest = count % GROUP;
    return (long) (count / GROUP) * bytesOfGroup()
        + (rest == 0 ? 0 : groupBytes + Math.ceilDiv(rest * bits, Byte.SIZE));
  }

  /** Bytes of {@value #GROUP} values. */
  int bytesOfGroup() {
    return groupBytes + GROUP * bits / Byte.SIZE;
  }

  /** Bytes of one value among many. */
  public double bytesPerValue() {
    return (double) bytesOfGroup() / GROUP;
  }

  /** Bytes of what all values of one variable share. */
  int scaleBytes() {
    return scaleBytes;
  }

  /** The most that one variable's values take besides {@link #bytesPerValue} for each. */
  int overheadBytes() {
    return scaleBytes + (groupBytes == 0 ? 0 : groupBytes + 1);
  }

  /**
   * The upper half of a finite float, rounded to nearest even; what would round to infinity stays
   * finite.
   */
  static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = bits + 0x7fff + ((bits >>> 16) & 1);
    return (short) (((rounded & 0x7f800000) == 0x7f800000 ? bits : rounded) >>> 16);
  }

  static float fromBf16(short half) {
    return Float.intBitsToFloat(half << 16);
  }
}
