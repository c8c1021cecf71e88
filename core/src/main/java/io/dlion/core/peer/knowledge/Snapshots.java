package io.dlion.core.peer.knowledge;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Replica;
import io.dlion.core.peer.catchup.CatchUp;
import io.dlion.core.peer.descent.Descent;
import io.dlion.core.peer.links.Links;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.WeightsMessage;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Hands out this worker's weights to peers that ask for them: between two iterations, where weights
 * and buffers belong together, and not while a value is not finite. Confined to its node.
 */
public final class Snapshots {
  private final Replica replica;
  private final Descent descent;
  private final Supplier<MemorySegment> settled;
  private final Links links;
  private final Buffers buffers;
  private final Tally tally;
  private final Outbox outbox;
  private final Map<WorkerId, Long> wanted = new TreeMap<>();

  /**
   * Nobody has asked.
   *
   * @param settled the weights without what was put into them in advance, for peers that are to
   *     become what this worker is
   */
  public Snapshots(
      Replica replica,
      Descent descent,
      Supplier<MemorySegment> settled,
      Links links,
      Buffers buffers,
      Tally tally,
      Outbox outbox) {
    this.replica = replica;
    this.descent = descent;
    this.settled = settled;
    this.links = links;
    this.buffers = buffers;
    this.tally = tally;
    this.outbox = outbox;
  }

  /** A peer asked for the weights of this worker. */
  public void requested(WorkerId peer, long round) {
    wanted.put(peer, round);
  }

  /** A peer has gone. */
  public void gone(WorkerId peer) {
    wanted.remove(peer);
  }

  /** Sends snapshots to those who have asked. */
  public void answer() {
    if (!wanted.isEmpty() && isFinite()) {
      wanted.forEach((peer, round) -> {
        if (links.reserveForWeights(peer)) {
          outbox.send(peer, snapshot(round), Priority.WEIGHTS);
        }
      });
    }
    wanted.clear();
  }

  private boolean isFinite() {
    return replica.isFinite()
        && descent.shared().stream()
            .allMatch(memory -> Blocks.allFinite(memory, replica.layout().size()));
  }

  private Payload snapshot(long round) {
    boolean catchesUp = round == CatchUp.ROUND;
    return WeightsMessage.encode(
        round,
        tally.iteration(),
        replica.layout(),
        catchesUp ? settled.get() : replica.weights(),
        replica.bufferLayout(),
        replica.buffers(),
        catchesUp ? descent.shared() : List.of(),
        buffers);
  }
}
