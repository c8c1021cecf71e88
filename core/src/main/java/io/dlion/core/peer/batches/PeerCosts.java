package io.dlion.core.peer.batches;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.Cost;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a step costs each peer, as they have announced it. Confined to its node. */
final class PeerCosts {
  private final Map<WorkerId, Cost> first = new HashMap<>();
  private final Map<WorkerId, Cost> newest = new HashMap<>();

  /** A peer has announced what a step costs it. */
  void announced(WorkerId peer, Cost cost) {
    first.putIfAbsent(peer, cost);
    newest.put(peer, cost);
  }

  /** A peer has gone. */
  void gone(WorkerId peer) {
    first.remove(peer);
    newest.remove(peer);
  }

  /** What a peer has announced last. */
  Optional<Cost> of(WorkerId peer) {
    return Optional.ofNullable(newest.get(peer));
  }

  /** What a peer has announced first. */
  Optional<Cost> firstOf(WorkerId peer) {
    return Optional.ofNullable(first.get(peer));
  }
}
