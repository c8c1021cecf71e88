package io.dlion.cluster.link;

import io.dlion.core.WorkerId;
import java.util.Set;

/**
 * A worker's two channels to the others: one for control messages and membership, one for bulk, so
 * that small messages never wait behind large ones. Safe for several threads.
 */
public interface Channels extends AutoCloseable {
  /** Joins the group of that name; blocks until it has. */
  void connect(String group) throws Exception;

  /** Sends a small message ahead of everything else; to somebody who has left, nothing. */
  void sendControl(WorkerId to, byte[] bytes, int length) throws Exception;

  /**
   * Sends a part of a large message, in order; blocks while the network takes no more.
   *
   * @param bytes of the whole message; must not change until the receiver has consumed it
   * @param length of the part, which begins at {@link Piece#offset()}
   */
  void sendBulk(WorkerId to, Piece piece, byte[] bytes, int length) throws Exception;

  /** Who is there on both channels. */
  Set<WorkerId> members();

  @Override
  void close();

  /** What arrives; called on threads of JGroups. Bulk comes in order for each sender. */
  interface Handler {
    /** A small message. */
    void control(WorkerId from, byte[] bytes, int offset, int length);

    /** A part of a large message; the array is the handler's from now on. */
    void bulk(WorkerId from, Piece piece, byte[] bytes, int offset, int length);

    /** Who is there now, on both channels. */
    void members(Set<WorkerId> members);

    /** One of the others has failed: something that was sent is lost. */
    void failed(Throwable reason);
  }
}
