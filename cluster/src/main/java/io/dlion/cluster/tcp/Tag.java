package io.dlion.cluster.tcp;

import io.dlion.cluster.link.Piece;
import java.nio.ByteBuffer;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jspecify.annotations.Nullable;

/** What a control message is: its first byte. */
public enum Tag {
  /** Of the node, or a {@link Piece}. */
  NODE,
  /** How a worker introduces itself. */
  HELLO,
  /** Asks for a {@link #PONG}. */
  PING,
  /** The answer to a {@link #PING}, with what it held. */
  PONG,
  /** The model of the run has arrived. */
  MODEL_TAKEN,
  /** The sender has to begin with the weights of the receiver. */
  INITIAL_WEIGHTS_REQUEST;

  private static final Tag[] ALL = values();

  /** Reads the first byte; null where it is of no tag. */
  static @Nullable Tag read(ByteBuffer message) {
    int tag = message.hasRemaining() ? message.get() : -1;
    return tag < 0 || tag >= ALL.length ? null : ALL[tag];
  }

  /** A control message with this tag. */
  public Message message(Address to, byte[] bytes, int length) {
    byte[] tagged =
        ByteBuffer.allocate(1 + length).put((byte) ordinal()).put(bytes, 0, length).array();
    return new BytesMessage(to, tagged).setFlag(Message.Flag.DONT_BUNDLE, Message.Flag.NO_FC);
  }
}
