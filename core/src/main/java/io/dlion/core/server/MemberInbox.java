package io.dlion.core.server;

import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GlobalModelMessage;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.WeightsMessage;

/**
 * Opens messages and passes them on to where they belong. What is malformed or out of turn is
 * counted, spoken of now and then, and dropped. Confined to its node.
 */
final class MemberInbox {
  private final Replica replica;
  private final Receiver receiver;
  private final Outbox outbox;
  private long rejected;

  /** Takes what is valid. */
  interface Receiver {
    void commit(WorkerId from, CommitMessage commit) throws MalformedMessageException;

    void model(WorkerId from, GlobalModelMessage model);

    void weights(WorkerId from, WeightsMessage weights);

    void control(WorkerId from, Control control) throws MalformedMessageException;
  }

  MemberInbox(Replica replica, Receiver receiver, Outbox outbox) {
    this.replica = replica;
    this.receiver = receiver;
    this.outbox = outbox;
  }

  /** A message has come; it is done with when this returns. */
  void received(WorkerId from, Payload payload) {
    try {
      open(from, payload);
    } catch (MalformedMessageException bad) {
      reject(from, bad);
    } finally {
      outbox.consumed(from, payload);
    }
  }

  private void open(WorkerId from, Payload payload) throws MalformedMessageException {
    ParameterLayout layout = replica.layout();
    MessageType type = Frame.open(payload, layout.fingerprint());
    switch (type) {
      case COMMIT ->
          receiver.commit(from, CommitMessage.parse(payload, layout, replica.bufferLayout()));
      case MODEL ->
          receiver.model(from, GlobalModelMessage.parse(payload, layout, replica.bufferLayout()));
      case WEIGHTS ->
          receiver.weights(from, WeightsMessage.parse(payload, layout, replica.bufferLayout()));
      case PROBE -> {}
      case STREAM -> throw new MalformedMessageException("stream news where they are not read");
      case GRADIENT -> throw new MalformedMessageException("a gradient in a run with a server");
      default -> receiver.control(from, Control.parse(payload, type));
    }
  }

  private void reject(WorkerId from, MalformedMessageException bad) {
    rejected++;
    if (Long.bitCount(rejected) == 1) { // the 1st, 2nd, 4th, 8th …
      outbox.notice(
          Severity.WARNING,
          "dropped a message from "
              + from
              + ": "
              + bad.getMessage()
              + " ("
              + rejected
              + " so far)");
    }
  }
}
