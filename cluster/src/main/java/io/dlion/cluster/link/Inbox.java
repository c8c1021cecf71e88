package io.dlion.cluster.link;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import io.dlion.core.wire.Payload;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Puts messages together from their parts and remembers, until the node has consumed them, where
 * their arrays belong. A message that comes in one part is used as it lies, without a copy. Sizes
 * are checked before memory is taken: a message of more than {@code messageBytesMax}, parts out of
 * order, or a part of a message never begun are dropped. Safe for several threads.
 */
public final class Inbox {
  private final BufferPool pool;
  private final long messageBytesMax;
  private final Map<WorkerId, Map<Priority, Partial>> partial = new HashMap<>();
  private final Map<Payload, Arrived> arrived = new HashMap<>();

  private static final class Partial {
    final long number;
    final byte[] bytes;
    final int total;
    int filled;

    Partial(long number, byte[] bytes, int total) {
      this.number = number;
      this.bytes = bytes;
      this.total = total;
    }
  }

  /** A message the node has and has not consumed. */
  private record Arrived(long number, boolean pooled) {}

  /**
   * An inbox that is empty.
   *
   * @param pool gives the arrays of messages that come in parts, and gets them back
   */
  public Inbox(BufferPool pool, long messageBytesMax) {
    this.pool = pool;
    this.messageBytesMax = messageBytesMax;
  }

  /** Takes a part; returns the message if that completes one. */
  public synchronized Optional<Payload> add(
      WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
    boolean fits =
        piece.total() >= 0
            && piece.total() <= messageBytesMax
            && piece.offset() >= 0
            && length <= piece.total() - piece.offset();
    if (!fits) {
      return Optional.empty();
    }
    if (piece.offset() == 0 && length == piece.total() && offset == 0) {
      return Optional.of(complete(new Payload(bytes, length), piece.message(), false));
    }
    Map<Priority, Partial> ofPeer = partial.computeIfAbsent(from, f -> new HashMap<>());
    Partial message = ofPeer.get(piece.priority());
    if (piece.offset() == 0) {
      message = new Partial(piece.message(), pool.take(piece.total()), piece.total());
      Partial abandoned = ofPeer.put(piece.priority(), message);
      if (abandoned != null) {
        pool.give(abandoned.bytes);
      }
    }
    if (message == null
        || message.number != piece.message()
        || message.filled != piece.offset()
        || message.total != piece.total()) {
      return Optional.empty();
    }
    System.arraycopy(bytes, offset, message.bytes, message.filled, length);
    message.filled += length;
    if (message.filled < message.total) {
      return Optional.empty();
    }
    ofPeer.remove(piece.priority());
    return Optional.of(complete(new Payload(message.bytes, message.total), message.number, true));
  }

  private Payload complete(Payload payload, long number, boolean pooled) {
    arrived.put(payload, new Arrived(number, pooled));
    return payload;
  }

  /**
   * The node is done with a message; returns its number on its link, empty for a control message.
   */
  public synchronized Optional<Long> consumed(Payload payload) {
    Arrived message = arrived.remove(payload);
    if (message == null) {
      return Optional.empty();
    }
    if (message.pooled()) {
      pool.give(payload.bytes());
    }
    return Optional.of(message.number());
  }

  /** A peer is gone: its unfinished messages are forgotten. */
  public synchronized void forget(WorkerId peer) {
    Map<Priority, Partial> left = partial.remove(peer);
    if (left != null) {
      left.values().forEach(p -> pool.give(p.bytes));
    }
  }
}
