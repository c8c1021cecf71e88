package io.dlion.cluster.link;

import io.dlion.core.node.Priority;
import java.nio.ByteBuffer;

/**
 * What stands before the bytes of a message, or of a part of one, on a channel: kind (1 byte),
 * priority (1), number of the message on its link (8), its total length (4), offset of this part
 * (4).
 *
 * @param kind what it is
 * @param priority of the message
 * @param message its number, counted by the sender for each link
 * @param total length of the whole message in bytes
 * @param offset where this part belongs
 */
public record Piece(Kind kind, Priority priority, long message, int total, int offset) {
  /** Length of an encoded header. */
  public static final int BYTES = 18;

  /** What a header stands before. */
  public enum Kind {
    /** A message or a part of one. */
    DATA,
    /** The receiver is done with a message: its number counts, nothing else. */
    CONSUMED,
    /** The receiver has taken in a message up to the offset: so much has the link carried. */
    RECEIVED,
    /** A part of a replica, or of the model of a run; no receipts are given. */
    MODEL,
    /** A part of the weights that a worker begins with, likewise. */
    INITIAL_WEIGHTS
  }

  /** The answer to this part of a message, when so many bytes of it have come. */
  public Piece received(int length) {
    return new Piece(Kind.RECEIVED, priority, message, total, offset + length);
  }

  /** The header's bytes. */
  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put((byte) kind.ordinal())
        .put((byte) priority.ordinal())
        .putLong(message)
        .putInt(total)
        .putInt(offset)
        .array();
  }

  /** Reads a header, or answers null where the bytes are none. */
  public static @org.jspecify.annotations.Nullable Piece decode(
      byte[] bytes, int from, int length) {
    if (length != BYTES) {
      return null;
    }
    ByteBuffer b = ByteBuffer.wrap(bytes, from, length);
    int kind = b.get();
    int priority = b.get();
    if (kind < 0
        || kind >= Kind.values().length
        || priority < 0
        || priority >= Priority.values().length) {
      return null;
    }
    return new Piece(
        Kind.values()[kind], Priority.values()[priority], b.getLong(), b.getInt(), b.getInt());
  }
}
