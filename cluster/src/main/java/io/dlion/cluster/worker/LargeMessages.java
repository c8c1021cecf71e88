package io.dlion.cluster.worker;

import io.dlion.cluster.link.BufferPool;
import io.dlion.cluster.link.Channels;
import io.dlion.cluster.link.Inbox;
import io.dlion.cluster.link.Piece;
import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Learner;
import io.dlion.core.node.Action;
import io.dlion.core.node.Priority;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.GlobalModelMessage;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Probe;
import io.dlion.core.wire.WeightsMessage;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes in large messages part by part, and tells their senders when the node is done with them.
 * Takes nothing until it is told how large a message can be. Safe for several threads.
 */
final class LargeMessages {
  private final BufferPool pool;
  private final Channels channels;
  private volatile @Nullable Inbox inbox;

  LargeMessages(BufferPool pool, Channels channels) {
    this.pool = pool;
    this.channels = channels;
  }

  /** From now on messages about such a model are taken in. */
  void open(Learner model) {
    ParameterLayout layout = model.parameters();
    ParameterLayout buffers = model.bufferLayout();
    long largest =
        LongStream.of(
                EncodedSize.wholeMax(layout),
                WeightsMessage.sizeMax(layout, buffers),
                CommitMessage.sizeMax(layout, buffers),
                GlobalModelMessage.sizeMax(layout, buffers),
                Probe.BYTES)
            .max()
            .getAsLong();
    inbox = new Inbox(pool, largest);
  }

  /** Takes a part; returns the message if that completes one. */
  Optional<Payload> add(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
    Inbox in = inbox;
    return in == null ? Optional.empty() : in.add(from, piece, bytes, offset, length);
  }

  /** A peer is gone. */
  void forget(WorkerId peer) {
    Inbox in = inbox;
    if (in != null) {
      in.forget(peer);
    }
  }

  /** The node is done with a message: its sender may send the next. */
  void acknowledge(Action.Consumed a) throws Exception {
    Inbox in = inbox;
    Optional<Long> number = in == null ? Optional.empty() : in.consumed(a.payload());
    if (number.isPresent()) {
      byte[] header = new Piece(Piece.Kind.CONSUMED, Priority.CONTROL, number.get(), 0, 0).encode();
      channels.sendControl(a.from(), header, header.length);
    }
  }
}
