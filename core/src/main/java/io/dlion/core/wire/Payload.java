package io.dlion.core.wire;

/**
 * The bytes of one message: the first {@code length} bytes of an array that may be longer and is
 * used again for another message once every receiver is done with it. Whoever holds a payload must
 * not change it.
 *
 * @param bytes the array
 * @param length how much of it is message
 */
@SuppressWarnings("ArrayRecordComponent") // identity is meant: a payload is a buffer, not a value
public record Payload(byte[] bytes, int length) {
  /** Checks the length. */
  public Payload {
    if (length < 0 || length > bytes.length) {
      throw new IllegalArgumentException("length " + length + " of " + bytes.length + " bytes");
    }
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return length + " bytes";
  }
}
