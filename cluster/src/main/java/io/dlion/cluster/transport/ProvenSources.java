package io.dlion.cluster.transport;

import org.jgroups.Message;
import org.jgroups.util.MaxOneThreadPerSender;
import org.jgroups.util.MessageBatch;

/** Passes on what arrives as JGroups does otherwise, but for messages with forged sources. */
final class ProvenSources extends MaxOneThreadPerSender {
  private final Speakers speakers;

  ProvenSources(Speakers speakers) {
    this.speakers = speakers;
  }

  @Override
  public boolean process(Message message, boolean outOfBand) {
    return !speakers.admits(message.getSrc()) || super.process(message, outOfBand);
  }

  /** A batch has a source, and each message in it may name another. */
  @Override
  public boolean process(MessageBatch batch, boolean outOfBand) {
    if (!speakers.admits(batch.sender())) {
      return true;
    }
    for (Message message : batch) {
      if (!speakers.admits(message.getSrc())) {
        return true;
      }
    }
    return super.process(batch, outOfBand);
  }
}
