package io.dlion.cluster.desk;

import io.dlion.core.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * A question: magic (4 bytes), version (1), {@link Command} (1), details (1). Later versions may
 * append to it; what is appended is passed over.
 *
 * @param network with {@link Command#MODEL}: whether the network is wanted, too, where the model
 *     came as a file
 */
public record Request(Command command, boolean network) {
  /** The most bytes of a request. */
  public static final int BYTES_MAX = 64 * 1024;

  static final int MAGIC = 0x444C_4451; // "DLDQ"
  static final byte VERSION = 1;
  private static final int BYTES = Integer.BYTES + 3;

  /** Without details. */
  public Request(Command command) {
    this(command, false);
  }

  /** Its bytes. */
  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .putInt(MAGIC)
        .put(VERSION)
        .put((byte) command.ordinal())
        .put((byte) (network ? 1 : 0))
        .array();
  }

  /**
   * Reads a request from any bytes.
   *
   * @throws MalformedMessageException if it is none, or asks for what this version cannot do
   */
  public static Request decode(byte[] bytes) throws MalformedMessageException {
    if (bytes.length < BYTES || bytes.length > BYTES_MAX) {
      throw new MalformedMessageException("a request of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt() != MAGIC) {
      throw new MalformedMessageException("not a request");
    }
    byte version = in.get();
    int command = Byte.toUnsignedInt(in.get());
    if (version < VERSION || command >= Command.values().length) {
      throw new MalformedMessageException(
          "a request of another version (" + version + ", command " + command + ")");
    }
    return new Request(Command.values()[command], (in.get() & 1) != 0);
  }
}
