package io.dlion.core.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian numbers and variable-length integers in a byte array. */
final class Bytes {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle DOUBLE =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  static void putShort(byte[] b, int at, short value) {
    SHORT.set(b, at, value);
  }

  static short getShort(byte[] b, int at) {
    return (short) SHORT.get(b, at);
  }

  static void putInt(byte[] b, int at, int value) {
    INT.set(b, at, value);
  }

  static int getInt(byte[] b, int at) {
    return (int) INT.get(b, at);
  }

  static void putLong(byte[] b, int at, long value) {
    LONG.set(b, at, value);
  }

  static long getLong(byte[] b, int at) {
    return (long) LONG.get(b, at);
  }

  /** The first {@code count} of the eight bytes of a number, the least significant first. */
  static void putLongPart(byte[] b, int at, long value, int count) {
    for (int k = 0; k < count; k++) {
      b[at + k] = (byte) (value >>> (8 * k));
    }
  }

  /** What {@link #putLongPart} has written. */
  static long getLongPart(byte[] b, int at, int count) {
    long value = 0;
    for (int k = 0; k < count; k++) {
      value |= (b[at + k] & 0xffL) << (8 * k);
    }
    return value;
  }

  static void putFloat(byte[] b, int at, float value) {
    FLOAT.set(b, at, value);
  }

  static float getFloat(byte[] b, int at) {
    return (float) FLOAT.get(b, at);
  }

  static void putDouble(byte[] b, int at, double value) {
    DOUBLE.set(b, at, value);
  }

  static double getDouble(byte[] b, int at) {
    return (double) DOUBLE.get(b, at);
  }

  /**
   * Bytes that {@code value >= 0} takes as a variable-length integer: 7 bits each, least
   * significant first.
   */
  static int varintSize(int value) {
    return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5;
  }

  /** Writes a variable-length integer; returns where the next byte goes. */
  static int putVarint(byte[] b, int at, int value) {
    int rest = value;
    int next = at;
    while (rest >= 0x80) {
      b[next++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    b[next++] = (byte) rest;
    return next;
  }
}
