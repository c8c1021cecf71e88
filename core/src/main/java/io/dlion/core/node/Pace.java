package io.dlion.core.node;

import io.dlion.core.sync.Barrier;
import io.dlion.core.sync.Synchronization;
import io.dlion.core.sync.TokenQueue;
import io.dlion.core.wire.Control;
import java.util.Optional;

/**
 * Whether the next iteration may start, and what peers need to know for theirs. Confined to its
 * node.
 */
final class Pace {
  private final Synchronization sync;
  private final Optional<TokenQueue> tokens;
  private final Roster roster;
  private final Waiting waiting;
  private final Outbox outbox;
  private long begun = -1;

  Pace(Strategy strategy, Roster roster, Waiting waiting, Outbox outbox) {
    this.sync = strategy.synchronization();
    this.tokens = strategy.tokenQueue();
    this.roster = roster;
    this.waiting = waiting;
    this.outbox = outbox;
  }

  /** Whether every replica applies the same gradients in the same order. */
  boolean ordered() {
    return sync.ordered();
  }

  /** Whether gradients are missing that an iteration needs. */
  boolean mustWaitForGradients(long iteration) {
    return waiting.must(
        "the gradient",
        sync.spare(),
        roster.neighbours(),
        peer -> sync.waits(iteration, peer.iteration));
  }

  /** Whether an iteration must wait for anything. */
  boolean mustWait(long iteration) {
    return mustWaitForGradients(iteration)
        || waiting.must(
            "announced updates",
            0,
            roster.neighbours(),
            peer -> Barrier.waits(iteration, peer.iteration, peer.announced))
        || (tokens.isPresent() && mustWaitForTokens(tokens.get(), iteration));
  }

  private boolean mustWaitForTokens(TokenQueue queue, long iteration) {
    return waiting.must(
        "a token", 0, roster.neighbours(), peer -> queue.isEmpty(iteration, peer.token));
  }

  /** An iteration begins. */
  void begins(long iteration) {
    begun = iteration;
    roster.neighbours().forEach(this::putToken);
  }

  /** Whether a gradient is too old to be applied at an iteration. */
  boolean tooOld(long iteration, long gradientIteration) {
    return sync.tooOld(iteration, gradientIteration);
  }

  /** Tells a peer of its newest token again. */
  void repeatToken(Peer peer) {
    if (tokens.isPresent() && peer.tokenPut > 0) {
      outbox.send(peer.id, new Control.Token(peer.tokenPut));
    }
  }

  /** A peer's gradient has arrived. */
  void arrived(Peer peer) {
    putToken(peer);
  }

  private void putToken(Peer peer) {
    long token = TokenQueue.put(begun, peer.iteration);
    if (tokens.isPresent() && token > peer.tokenPut) {
      peer.tokenPut = token;
      outbox.send(peer.id, new Control.Token(token));
    }
  }
}
