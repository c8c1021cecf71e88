package io.dlion.core.wire;

import java.util.zip.CRC32C;

/**
 * The first {@value #BYTES} bytes of every message, little-endian: mark (2), version (1), {@link
 * MessageType} (1), length of the whole message (4), fingerprint of the sender's parameter layout
 * (8), CRC-32C over all of it but these four bytes (4). The sender's name is not in it: the
 * transport knows whom it is connected to, and content is not to be trusted for that.
 */
public final class Frame {
  /** Size of the frame header. */
  public static final int BYTES = 20;

  /** Version of everything behind the header. Messages of another version are refused. */
  public static final int VERSION = 7;

  private static final short MARK = (short) 0xd110;

  private Frame() {}

  /** Fills in the header of a message whose body is already in place. */
  static void seal(byte[] b, int length, MessageType type, long layoutFingerprint) {
    Bytes.putShort(b, 0, MARK);
    b[2] = VERSION;
    b[3] = (byte) type.ordinal();
    Bytes.putInt(b, 4, length);
    Bytes.putLong(b, 8, layoutFingerprint);
    Bytes.putInt(b, 16, checksum(b, length));
  }

  /**
   * Checks the header and the checksum.
   *
   * @return what kind of message it is
   * @throws MalformedMessageException naming what is wrong
   */
  public static MessageType open(Payload payload, long layoutFingerprint)
      throws MalformedMessageException {
    byte[] b = payload.bytes();
    if (payload.length() < BYTES) {
      throw new MalformedMessageException(
          "message of " + payload.length() + " bytes: at least " + BYTES + " expected");
    }
    if (Bytes.getShort(b, 0) != MARK) {
      throw new MalformedMessageException("not a DLion message");
    }
    if (b[2] != VERSION) {
      throw new MalformedMessageException(
          "message of version " + b[2] + ": this worker speaks version " + VERSION);
    }
    if (b[3] < 0 || b[3] >= MessageType.values().length) {
      throw new MalformedMessageException("unknown kind of message " + b[3]);
    }
    if (Bytes.getInt(b, 4) != payload.length()) {
      throw new MalformedMessageException(
          "message says it has "
              + Bytes.getInt(b, 4)
              + " bytes, but "
              + payload.length()
              + " arrived");
    }
    if (Bytes.getLong(b, 8) != layoutFingerprint) {
      throw new MalformedMessageException(
          "message for another model (its variables' names or shapes differ)");
    }
    if (Bytes.getInt(b, 16) != checksum(b, payload.length())) {
      throw new MalformedMessageException("checksum does not match: damaged on the way");
    }
    return MessageType.values()[b[3]];
  }

  /** Whether a message says that it is of this type. Nothing else of it is looked at. */
  public static boolean isOf(MessageType type, Payload payload) {
    return payload.length() >= BYTES && payload.bytes()[3] == type.ordinal();
  }

  private static int checksum(byte[] b, int length) {
    CRC32C crc = new CRC32C();
    crc.update(b, 0, 16);
    crc.update(b, BYTES, length - BYTES);
    return (int) crc.getValue();
  }
}
