package io.dlion.cluster.tcp;

import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.transport.ChannelPair;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import io.dlion.core.wire.Payload;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Message;

/**
 * Sends to members by name, and to anybody by address. To a member that has left nothing is sent.
 * Safe for several threads.
 *
 * @param channels the two channels
 * @param membership knows the addresses
 * @param allowance what this worker may send: small messages do not wait for it
 */
record Sender(ChannelPair channels, Membership membership, Allowance allowance) {
  private static final int MODEL_PART_BYTES = 32 * 1024;

  /**
   * Small messages go their own way, ahead of all others (out of band), but for hellos, of which a
   * later one says more.
   */
  void send(Address to, Tag tag, byte[] bytes, int length, boolean ahead) {
    Message message = tag.message(to, bytes, length);
    if (ahead) {
      message.setFlag(Message.Flag.OOB);
    }
    allowance.chargeUpload(Allowance.onWire(length));
    try {
      channels.control().send(message);
    } catch (Exception e) {
      // Closed, or its receiver is gone: the views tell that.
    }
  }

  /** Sends a small message to a member, ahead of all others. */
  void send(WorkerId to, Tag tag, byte[] bytes, int length) {
    Address address = membership.known().control().get(to);
    if (address != null) {
      send(address, tag, bytes, length, true);
    }
  }

  /** Sends a part of a large message; blocks while the network takes no more. */
  void sendBulk(WorkerId to, Piece piece, byte[] bytes, int length) throws Exception {
    Address address = membership.known().bulk().get(to);
    if (address == null) {
      return; // it has left, and the node is told so
    }
    byte[] part = new byte[Piece.BYTES + length]; // JGroups keeps it until it is acknowledged
    System.arraycopy(piece.encode(), 0, part, 0, Piece.BYTES);
    System.arraycopy(bytes, piece.offset(), part, Piece.BYTES, length);
    channels.bulk().send(new BytesMessage(address, part));
  }

  /**
   * Sends a model or the weights to begin with; blocks while the network takes no more, or this
   * worker may send no more. Nobody measures a link by it, and nothing is held back for gradients:
   * there are none yet, or none any more.
   *
   * @param afterPart is run after each part
   */
  void sendModel(WorkerId to, Piece.Kind kind, Payload message, Runnable afterPart)
      throws Exception {
    for (int offset = 0; offset < message.length(); offset += MODEL_PART_BYTES) {
      int length = Math.min(MODEL_PART_BYTES, message.length() - offset);
      Piece part = new Piece(kind, Priority.WEIGHTS, 0, message.length(), offset);
      allowance.takeUpload(Allowance.onWire(Piece.BYTES + length));
      sendBulk(to, part, message.bytes(), length);
      afterPart.run();
    }
  }
}
