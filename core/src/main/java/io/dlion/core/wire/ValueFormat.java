package io.dlion.core.wire;

/** How the values of a message are stored. */
public enum ValueFormat {
  /** IEEE 754 single precision: exact. */
  FP32(4),
  /** The upper half of a single, rounded to nearest even: 8 bits of precision, the full range. */
  BF16(2),
  /**
   * A signed byte times one scale per variable, {@code scale = max|v| / 127}; rounded up or down at
   * random so that the expected value is exact (stochastic rounding, as in QSGD, Alistarh '17).
   */
  INT8(1);

  private final int bytes;

  ValueFormat(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one value. */
  public int bytes() {
    return bytes;
  }

  /** Bytes that one variable's values take besides the values themselves. */
  int overheadBytes() {
    return this == INT8 ? 4 : 0;
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
