package io.dlion.cluster.worker;

import io.dlion.cluster.link.BufferPool;
import io.dlion.cluster.link.Channels;
import io.dlion.cluster.link.Flow;
import io.dlion.cluster.link.PeerLink;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.link.SharedPayload;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Priority;
import io.dlion.core.wire.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A worker's links to its peers, each made when it is first needed. Safe for several threads. */
final class PeerLinks {
  private final WorkerId self;
  private final Channels channels;
  private final BufferPool pool;
  private final double reservedShare;
  private final Function<WorkerId, Flow> flows;
  private final PeerLink.Listener listener;
  private final Map<WorkerId, PeerLink> links = new HashMap<>(); // guarded by itself
  private long firstMessage; // counts links; guarded by links

  /**
   * No links yet.
   *
   * @param pool gets the arrays of messages that were sent
   * @param reservedShare of a link's bytes that weights get while gradients wait, too
   * @param flows makes the flow of the link to a peer
   * @param listener is told how the links do
   */
  PeerLinks(
      WorkerId self,
      Channels channels,
      BufferPool pool,
      double reservedShare,
      Function<WorkerId, Flow> flows,
      PeerLink.Listener listener) {
    this.self = self;
    this.channels = channels;
    this.pool = pool;
    this.reservedShare = reservedShare;
    this.flows = flows;
    this.listener = listener;
  }

  /** Payloads that go to several links are given back when the last one is done with them. */
  Map<Payload, SharedPayload> share(List<Action> actions) {
    Map<Payload, Integer> holders = new HashMap<>();
    for (Action action : actions) {
      if (action instanceof Action.Send a && a.priority() != Priority.CONTROL) {
        holders.merge(a.payload(), 1, Integer::sum);
      }
    }
    Map<Payload, SharedPayload> shared = new HashMap<>();
    holders.forEach((payload, n) -> shared.put(payload, new SharedPayload(payload, n, pool)));
    return shared;
  }

  /** Queues a message on the link to a peer. */
  void enqueue(WorkerId to, Priority priority, SharedPayload payload) {
    link(to).enqueue(priority, payload);
  }

  private PeerLink link(WorkerId peer) {
    synchronized (links) {
      return links.computeIfAbsent(
          peer,
          p ->
              new PeerLink(
                  new PeerLink.Ends(self, p),
                  channels::sendBulk,
                  listener,
                  flows.apply(p),
                  reservedShare,
                  firstMessage++ << 32));
    }
  }

  /** A receipt of a peer has come. */
  void receipt(WorkerId from, Piece piece) {
    PeerLink link = find(from);
    if (link != null) {
      switch (piece.kind()) {
        case CONSUMED -> link.consumed(piece.message());
        case RECEIVED -> link.received(piece);
        case DATA, MODEL, INITIAL_WEIGHTS -> {} // come on the other channel
      }
    }
  }

  private @Nullable PeerLink find(WorkerId peer) {
    synchronized (links) {
      return links.get(peer);
    }
  }

  /** Closes the links to all but these peers, and says to whom. */
  void closeAllBut(Set<WorkerId> members, Consumer<WorkerId> gone) {
    synchronized (links) {
      links
          .entrySet()
          .removeIf(e -> {
            boolean close = !members.contains(e.getKey());
            if (close) {
              e.getValue().close();
              gone.accept(e.getKey());
            }
            return close;
          });
    }
  }

  /** What the links carry that were used, in bytes per second; 0 where that is not known yet. */
  Map<WorkerId, Double> bytesPerSecond() {
    Map<WorkerId, Double> rates = new TreeMap<>();
    synchronized (links) {
      links.forEach((peer, link) -> rates.put(peer, link.bytesPerSecond()));
    }
    return rates;
  }

  /** Whether a link still carries something to one of these peers. */
  boolean carryTo(Set<WorkerId> peers) {
    synchronized (links) {
      return links.entrySet().stream()
          .anyMatch(e -> !e.getValue().isIdle() && peers.contains(e.getKey()));
    }
  }
}
