package io.dlion.core.wire;

import io.dlion.core.layout.Variable;

/** Reads a message from front to back and never beyond its end. */
final class Cursor {
  private final byte[] bytes;
  private final int end;
  private int at;

  Cursor(Payload payload, int at) {
    this.bytes = payload.bytes();
    this.end = payload.length();
    this.at = at;
  }

  int at() {
    return at;
  }

  int unsignedByte(Object where) throws MalformedMessageException {
    return bytes[skip(1, where)] & 0xff;
  }

  /** Skips {@code count} bytes and returns where they begin. */
  int skip(long count, Object where) throws MalformedMessageException {
    if (count > end - at) {
      throw new MalformedMessageException(
          where
              + ": "
              + count
              + " bytes expected at offset "
              + at
              + ", the message ends at "
              + end);
    }
    int from = at;
    at += (int) count;
    return from;
  }

  int varint(Object where) throws MalformedMessageException {
    if (at < end && bytes[at] >= 0) {
      return bytes[at++];
    }
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int b = unsignedByte(where);
      value |= (b & 0x7f) << shift;
      if (b < 0x80) {
        if (value < 0 || (shift == 28 && b > 7)) {
          break;
        }
        return value;
      }
    }
    throw new MalformedMessageException(where + ": a number at offset " + at + " is too large");
  }

  float scale(Variable where) throws MalformedMessageException {
    float scale = Bytes.getFloat(bytes, skip(4, where));
    if (!(scale >= 0 && scale < Float.POSITIVE_INFINITY)) {
      throw new MalformedMessageException(where + ": scale " + scale);
    }
    return scale;
  }
}
