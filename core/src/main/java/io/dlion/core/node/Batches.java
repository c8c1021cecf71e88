package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.GradientNoise;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.MalformedMessageException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the batch plan of a worker and tells peers what they need for theirs: the cost of a step,
 * and the global batch size where it is decided from measurements. Confined to its node.
 */
final class Batches {
  /**
   * Adjustment points that one iteration can pass; a peer that claims samples for more of them has
   * not processed these.
   */
  private static final int ADJUSTMENTS_MAX = 100;

  /** Iterations between two questions for a peer's cost that has not come. */
  private static final int ASK_ITERATIONS = 64;

  private final NodeConfig config;
  private final Strategy strategy;
  private final Replica replica;
  private final Roster roster;
  private final Tally tally;
  private final Outbox outbox;
  private final GradientNoise noise;
  private final int gradientsPerIteration;
  private @Nullable BatchPlan plan;

  Batches(
      NodeConfig config,
      Strategy strategy,
      Replica replica,
      Roster roster,
      Tally tally,
      Outbox outbox) {
    this.config = config;
    this.strategy = strategy;
    this.replica = replica;
    this.roster = roster;
    this.tally = tally;
    this.outbox = outbox;
    this.noise = new GradientNoise(replica.layout().size());
    this.gradientsPerIteration = strategy.gradientsPerIteration(replica.layout());
  }

  /** Plans for the workers that are there at the start. */
  void start() {
    plan =
        new BatchPlan(
            strategy.batching(
                config.trainingExamples(),
                roster.workers(),
                replica.layout().size(),
                config.networked(),
                config.minimumBatch()),
            roster.workers());
  }

  /** Goes on with a saved plan. */
  void restore(Map<String, String> state) {
    plan().restore(state);
    announceCost();
  }

  void save(Map<String, String> state) {
    if (plan != null) {
      plan.save(state);
    }
  }

  /**
   * Whether the next batch needs the costs of all workers: where replicas must stay equal, all have
   * to turn to the B that follows from them in the same iteration.
   */
  boolean needsCosts() {
    return strategy.keepsReplicasAlike() && plan().isToBeFitted() && !plan().isProfiling();
  }

  /** Whether the next step is one of those that are timed for the worker's profile. */
  boolean isProfiling() {
    return plan().isProfiling();
  }

  /** How many samples make a gradient one to follow in full, b_0. */
  int whole() {
    return plan().initial();
  }

  /** The local batch size of the next iteration, in samples. */
  int local() {
    return plan().local(roster);
  }

  /** The global batch size B, in samples. */
  int global() {
    return plan().global();
  }

  /** What a sum over the samples of an own gradient is multiplied by to become what is sent. */
  float ownFactor() {
    return strategy.weighsAtSender() ? weight() : 1;
  }

  /** What a worker has sent is multiplied by in the update, its own part too. */
  float receivedFactor() {
    return strategy.weighsAtSender() ? 1 : weight();
  }

  /** What a sum over the samples of an iteration counts in the update. */
  private float weight() {
    float ofGradient =
        strategy.exchanges()
            ? strategy.weighting().factor(plan().global(), tally.localBatch, plan().workers())
            : 1f / tally.localBatch; // nobody adds to it: the own mean gradient counts in full
    return ofGradient / gradientsPerIteration;
  }

  /** Gradient noise scale in samples; 0 where unknown. */
  double noiseScale() {
    return noise.scale();
  }

  /** A gradient of the local batch lies in the replica, and took that long, waiting included. */
  void observed(long nanos, long waitedNanos) {
    if (plan().isProfiling()) {
      plan().profiled(Math.max(0, nanos - waitedNanos) / 1e9);
      if (!plan().isProfiling()) {
        announceCost();
      }
    } else {
      plan().observed(tally.localBatch, nanos / 1e9);
    }
    if (strategy.growthIsMeasured()) {
      noise.observe(replica.gradient(), tally.localBatch);
    }
  }

  /** An iteration was applied: announces a cost that has changed, and lets B grow. */
  void iterationEnded() {
    if (tally.iteration % ASK_ITERATIONS == 0 && plan().announced().isPresent()) {
      askForCosts();
    }
    if (plan().changedCost().isPresent()) {
      announceCost();
    }
    long samples = tally.clusterSamples();
    for (int n = 0; plan().adjustmentDue(samples); n++) {
      if (n == ADJUSTMENTS_MAX) {
        plan().skip(samples);
      } else if (adjust()) {
        outbox.notice(Severity.INFO, "global batch size is now " + plan().global());
      }
    }
  }

  /** What a peer costs may have got lost on the way: an answer tells it again. */
  private void askForCosts() {
    for (Peer peer : roster.peers()) {
      if (peer.cost == null) {
        outbox.sendBehind(peer.id, status(peer, true));
      }
    }
  }

  private boolean adjust() {
    if (!strategy.growthIsMeasured()) {
      return plan().adjust();
    }
    boolean changed = plan().adjustAsDecided();
    if (roster.selfIsLeast() && !plan().isToBeFitted()) {
      outbox.broadcast(plan().decide(noise.scale()));
    }
    return changed;
  }

  /** B was decided by another worker. */
  void decided(Control.GlobalBatch decision) throws MalformedMessageException {
    if (decision.samples() > Math.max(config.trainingExamples(), plan().global())) {
      throw new MalformedMessageException(
          "global batch of " + decision.samples() + " samples is more than there are");
    }
    plan().decided(decision);
  }

  /** The number of workers has changed: B follows. */
  void redivide() {
    plan().workers(roster.workers());
  }

  /** How far this worker has come, for a peer. */
  Control.Status status(Peer peer, boolean asks) {
    return new Control.Status(
        peer.sent,
        peer.leftOut,
        plan().global(),
        plan().workers(),
        plan().points(),
        !plan().isToBeFitted(),
        asks);
  }

  /** Whether a peer's plan can be this worker's, too. */
  boolean accepts(Control.Status status) {
    return status.global() <= Math.max(config.trainingExamples(), plan().global());
  }

  /** Takes over the plan of a peer, for the workers there are. */
  void adopt(Control.Status status) {
    plan().adopt(status);
    plan().workers(roster.workers());
  }

  /** Tells a peer how long a step takes here, once that is known. */
  void announceCostTo(WorkerId peer) {
    plan()
        .announced()
        .ifPresent(c -> outbox.send(peer, new Control.Cost(c.alphaSeconds(), c.betaSeconds())));
  }

  /** Tells all peers how long a step takes here, once that is known. */
  void announceCost() {
    plan()
        .announced()
        .ifPresent(c -> outbox.broadcast(new Control.Cost(c.alphaSeconds(), c.betaSeconds())));
  }

  private BatchPlan plan() {
    if (plan == null) {
      throw new IllegalStateException(config.self() + " was given an event before it was started");
    }
    return plan;
  }
}
