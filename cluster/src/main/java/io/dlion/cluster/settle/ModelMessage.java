package io.dlion.cluster.settle;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Learner;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.WeightsMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A whole model that is sent at the end of a run: a {@link WeightsMessage}, then whether it is the
 * run's (1 byte), its precedence (8 bytes), and how it was made, as {@link
 * DataOutputStream#writeUTF} writes it.
 *
 * @param agreed whether it is the model of the run; else the sender's replica
 * @param precedence of a replica
 * @param how it was made; empty for a replica
 * @param model the values
 */
public record ModelMessage(boolean agreed, long precedence, String how, WeightsMessage model) {
  private static final int TRAILER_BYTES_MAX = 1024;

  static int bytesMax(Learner learner) {
    return WeightsMessage.size(learner.parameters(), learner.bufferLayout()) + TRAILER_BYTES_MAX;
  }

  /** The replica of a learner, or the run's model that lies in it. */
  static Payload encode(boolean agreed, long precedence, String how, Learner learner) {
    byte[] trailer = trailer(agreed, precedence, how);
    Payload frame =
        WeightsMessage.encode(
            0,
            0,
            learner.parameters(),
            learner.weights(),
            learner.bufferLayout(),
            learner.buffers(),
            List.of(),
            size -> new byte[size + trailer.length]);
    System.arraycopy(trailer, 0, frame.bytes(), frame.length(), trailer.length);
    return new Payload(frame.bytes(), frame.length() + trailer.length);
  }

  private static byte[] trailer(boolean agreed, long precedence, String how) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeBoolean(agreed);
      out.writeLong(precedence);
      out.writeUTF(how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a message.
   *
   * @throws MalformedMessageException unless it is one, of that layout, with finite values
   */
  static ModelMessage decode(Payload message, ParameterLayout layout, ParameterLayout bufferLayout)
      throws MalformedMessageException {
    int size = WeightsMessage.size(layout, bufferLayout);
    if (message.length() < size) {
      throw new MalformedMessageException("a model that is cut off");
    }
    Payload frame = new Payload(message.bytes(), size);
    if (Frame.open(frame, layout.fingerprint()) != MessageType.WEIGHTS) {
      throw new MalformedMessageException("not a model");
    }
    WeightsMessage model = WeightsMessage.parse(frame, layout, bufferLayout);
    try (DataInputStream in =
        new DataInputStream(
            new ByteArrayInputStream(message.bytes(), size, message.length() - size))) {
      return new ModelMessage(in.readBoolean(), in.readLong(), in.readUTF(), model);
    } catch (IOException e) {
      throw new MalformedMessageException("a model that does not say whose it is");
    }
  }
}
