package io.dlion.core.peer.pace;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Outbox;
import io.dlion.core.peer.gossip.Partners;
import io.dlion.core.peer.roster.Peer;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.sync.Barrier;
import io.dlion.core.sync.SyncRule;
import io.dlion.core.sync.TokenQueue;
import io.dlion.core.wire.Control;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Whether the next iteration may start, and what peers need to know for theirs. Confined to its
 * node.
 */
public final class Pace {
  private final SyncRule rule;
  private final Partners partners;
  private final Roster roster;
  private final Waiting waiting;
  private final Outbox outbox;
  private final Map<WorkerId, Passes> passes = new HashMap<>();
  private long begun = -1;

  /** What has passed between this worker and a peer besides gradients. */
  private static final class Passes {
    /** The newest token that the peer has put into this worker's queue. */
    long received;

    /** The newest token that this worker has put into the peer's queue. */
    long put;

    /** The newest iteration whose gradient the peer has announced as delayed; -1 if none. */
    long announced = -1;
  }

  /** Before the first iteration. */
  public Pace(SyncRule rule, Partners partners, Roster roster, Waiting waiting, Outbox outbox) {
    this.rule = rule;
    this.partners = partners;
    this.roster = roster;
    this.waiting = waiting;
    this.outbox = outbox;
  }

  private Passes of(WorkerId peer) {
    return passes.computeIfAbsent(peer, p -> new Passes());
  }

  /** Whether every replica applies the same gradients in the same order. */
  public boolean ordered() {
    return rule.ordered();
  }

  /** Whether a gradient is too old to be applied at an iteration. */
  public boolean tooOld(long iteration, long gradientIteration) {
    return rule.staleness().tooOld(iteration, gradientIteration);
  }

  /**
   * Whether a worker is so far behind a peer that it holds it up, or that its gradients are too old
   * for it. Neighbours never come that far apart; those who become neighbours may be.
   *
   * @param ahead newest iteration of the peer
   * @param iteration of the worker
   */
  public boolean holdsUp(long ahead, long iteration) {
    return tooOld(ahead, iteration)
        || rule.tokens().filter(queue -> queue.isEmpty(ahead, iteration)).isPresent();
  }

  /** Whether workers average in pairs. */
  public boolean inPairs() {
    return partners.arePairs();
  }

  /**
   * Whether an iteration can be applied at the end of a run. Of pairs one may end without its part
   * of the round, and without a goodbye to the other, who has said its own: it is not waited for.
   */
  public boolean stepsWithoutWaiting(long iteration) {
    Predicate<WorkerId> needed = partners.needed(iteration);
    return !ordered()
        || (inPairs()
            && roster.neighbours().stream()
                .noneMatch(peer -> needed.test(peer.id()) && peer.iteration() < iteration));
  }

  /** Whether gradients are missing that an iteration needs. */
  public boolean mustWaitForGradients(long iteration) {
    Predicate<WorkerId> needed = partners.needed(iteration - 1);
    return waiting.must(
        "the gradient",
        rule.staleness().spare(),
        roster.neighbours(),
        peer -> rule.staleness().waits(iteration, peer.iteration()) && needed.test(peer.id()));
  }

  /**
   * Whether an iteration must wait for anything. Pairs have waited for each other before the step,
   * and go on whoever takes part since.
   */
  public boolean mustWait(long iteration) {
    return (!partners.arePairs() && mustWaitForGradients(iteration))
        || waiting.must(
            "announced updates",
            0,
            roster.neighbours(),
            peer -> Barrier.waits(iteration, peer.iteration(), of(peer.id()).announced))
        || (rule.tokens().isPresent() && mustWaitForTokens(rule.tokens().get(), iteration));
  }

  private boolean mustWaitForTokens(TokenQueue queue, long iteration) {
    return waiting.must(
        "a token",
        0,
        roster.neighbours(),
        peer -> queue.isEmpty(iteration, Math.max(of(peer.id()).received, peer.since())));
  }

  /** An iteration begins. */
  public void begins(long iteration) {
    begun = iteration;
    roster.neighbours().forEach(this::putToken);
  }

  /** A peer's gradient has arrived, or will not come. */
  public void arrived(Peer peer) {
    putToken(peer);
  }

  private void putToken(Peer peer) {
    long token = TokenQueue.put(begun, peer.iteration());
    if (rule.tokens().isPresent() && token > of(peer.id()).put) {
      of(peer.id()).put = token;
      outbox.send(peer.id(), new Control.Token(token));
    }
  }

  /** Tells a peer of its newest token again. */
  public void repeatToken(WorkerId peer) {
    if (rule.tokens().isPresent() && of(peer).put > 0) {
      outbox.send(peer, new Control.Token(of(peer).put));
    }
  }

  /** A peer has put a token into this worker's queue. */
  public void received(WorkerId peer, Control.Token token) {
    of(peer).received = Math.max(of(peer).received, token.iteration());
  }

  /** A peer has announced updates that will take long. */
  public void received(WorkerId peer, Control.Barrier barrier) {
    of(peer).announced = Math.max(of(peer).announced, barrier.iteration());
  }

  /** A guest takes part from now on: tokens from before do not count. */
  public void admitted(WorkerId peer) {
    of(peer).received = 0;
  }

  /** A peer has gone. */
  public void gone(WorkerId peer) {
    passes.remove(peer);
  }
}
