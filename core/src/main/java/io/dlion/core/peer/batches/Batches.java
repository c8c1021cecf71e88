package io.dlion.core.peer.batches;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.BatchRule;
import io.dlion.core.batching.Cost;
import io.dlion.core.batching.FastestBatch;
import io.dlion.core.batching.GradientNoise;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Replica;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.MalformedMessageException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the batch plan of a worker and tells peers what they need for theirs: the cost of a step,
 * and the global batch size where it is decided from measurements. Confined to its node.
 */
public final class Batches {
  /**
   * Adjustment points that one iteration can pass; a peer that claims samples for more of them has
   * not processed these.
   */
  private static final int ADJUSTMENTS_MAX = 100;

  private final NodeConfig config;
  private final Strategy strategy;
  private final Replica replica;
  private final Roster roster;
  private final Tally tally;
  private final Outbox outbox;
  private final PeerCosts costs = new PeerCosts();

  /** The last iteration of each of those who have gone, until that has been applied. */
  private final Map<WorkerId, Long> lastOf = new HashMap<>();

  private final GradientNoise noise;
  private final int gradientsPerIteration;
  private @Nullable BatchPlan plan;

  /** Nothing is planned yet. */
  public Batches(NodeConfig config, Replica replica, Roster roster, Tally tally, Outbox outbox) {
    this.config = config;
    this.strategy = config.strategy();
    this.replica = replica;
    this.roster = roster;
    this.tally = tally;
    this.outbox = outbox;
    this.noise = new GradientNoise(replica.layout().size());
    this.gradientsPerIteration = strategy.gradientsPerIteration(replica.layout());
  }

  /** Plans for the workers that are there at the start. */
  public void start() {
    BatchRule rule = strategy.batching();
    int workers = roster.workers();
    long examples = config.trainingExamples();
    plan =
        new BatchPlan(
            new BatchPlan.Terms(
                rule,
                rule.growth().of(examples, (double) rule.initial() * workers),
                rule.periodSamples(examples, workers),
                config.minimumBatch(),
                strategy.exchange().exchangesGradients()
                    ? FastestBatch.exchangeSeconds(
                        replica.layout().size(), workers - 1, config.networked())
                    : 0,
                strategy.synchronization().waits(),
                examples),
            workers);
  }

  /** Goes on with a saved plan. */
  public void restore(Map<String, String> state) {
    plan().restore(state);
    announceCost();
  }

  /** Adds the plan to a saved state. */
  public void save(Map<String, String> state) {
    if (plan != null) {
      plan.save(state);
    }
  }

  /**
   * Whether the next batch needs the costs of all workers: where replicas must stay equal, all have
   * to turn to the B that follows from them in the same iteration.
   */
  public boolean needsCosts() {
    return strategy.keepsReplicasAlike() && plan().isToBeFitted() && !plan().isProfiling();
  }

  /** Whether the next step is one of those that are timed for the worker's profile. */
  public boolean isProfiling() {
    return plan().isProfiling();
  }

  /** How many samples make a gradient one to follow in full, b_0. */
  public int whole() {
    return plan().initial();
  }

  /** The local batch size of the next iteration, in samples. */
  public int local() {
    int planned = plan().local(roster, costs);
    boolean dividedByMeasure = strategy.batching().adaptive() && !plan().isProfiling();
    return dividedByMeasure ? config.steering().batch(planned) : planned;
  }

  /** The global batch size B, in samples. */
  public int global() {
    return plan().global();
  }

  /** What a sum over the samples of an own gradient is multiplied by to become what is sent. */
  public float ownFactor() {
    return strategy.weighsAtSender() ? weight() : 1;
  }

  /** What a worker has sent is multiplied by in the update, its own part too. */
  public float receivedFactor() {
    return strategy.weighsAtSender() ? 1 : weight();
  }

  /** What a sum over the samples of an iteration counts in the update. */
  private float weight() {
    float ofGradient =
        strategy.exchange().exchangesGradients()
            ? strategy
                .batching()
                .weighting()
                .factor(plan().global(), tally.localBatch(), plan().workers())
            : 1f / tally.localBatch(); // nobody adds to it: the own mean gradient counts in full
    return ofGradient / gradientsPerIteration;
  }

  /** Gradient noise scale in samples; 0 where unknown. */
  public double noiseScale() {
    return noise.scale();
  }

  /** A gradient of the local batch lies in the replica, and took that long, waiting included. */
  public void observed(long nanos, long waitedNanos) {
    if (plan().isProfiling()) {
      plan().profiled(Math.max(0, nanos - waitedNanos) / 1e9);
      if (!plan().isProfiling()) {
        announceCost();
      }
    } else {
      plan().observed(tally.localBatch(), nanos / 1e9);
    }
    if (strategy.batching().growth().isMeasured()) {
      noise.observe(replica.gradient(), tally.localBatch());
    }
  }

  /** An iteration was applied: announces a cost that has changed, and lets B grow. */
  public void iterationEnded() {
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
    plan().settle();
    forgetThoseApplied(); // last: some peers hear only after the iteration who has left
  }

  private boolean adjust() {
    if (!strategy.batching().growth().isMeasured()) {
      return plan().adjust();
    }
    boolean changed = plan().adjustAsDecided();
    if (roster.selfIsLeast() && !plan().isToBeFitted()) {
      outbox.broadcast(plan().decide(noise.scale()));
    }
    return changed;
  }

  /** B was decided by another worker. */
  public void decided(Control.GlobalBatch decision) throws MalformedMessageException {
    if (decision.samples() > Math.max(config.trainingExamples(), plan().global())) {
      throw new MalformedMessageException(
          "global batch of " + decision.samples() + " samples is more than there are");
    }
    plan().decided(decision);
  }

  /** A worker has come: B follows. */
  public void came(WorkerId peer) {
    lastOf.remove(peer);
    redivide();
  }

  /**
   * Workers have left. B follows when their last gradients have been applied, so that it is the
   * same in an iteration in whatever order peers hear of it.
   *
   * @param last the newest iteration of each whose gradient is applied
   */
  public void left(Map<WorkerId, Long> last) {
    lastOf.putAll(last);
    forgetThoseApplied();
  }

  private void forgetThoseApplied() {
    if (lastOf.values().removeIf(last -> last < tally.iteration())) {
      redivide();
    }
  }

  private void redivide() {
    plan().workers(roster.workers() + lastOf.size());
  }

  /**
   * How far this worker has come, for a peer.
   *
   * @param sent newest iteration of which it was sent a gradient or need not expect one
   * @param leftOut newest iteration of which it was not sent a gradient on purpose
   * @param asks whether the same is asked of the peer
   */
  public Control.Status status(long sent, long leftOut, boolean asks) {
    return new Control.Status(
        sent,
        leftOut,
        plan().global(),
        plan().workers(),
        plan().points(),
        !plan().isToBeFitted(),
        asks);
  }

  /** A peer has announced what a step costs it. */
  public void announced(WorkerId peer, Control.Cost cost) {
    costs.announced(peer, new Cost(cost.alphaSeconds(), cost.betaSeconds()));
  }

  /** Whether a peer has announced what a step costs it. */
  public boolean knowsCostOf(WorkerId peer) {
    return costs.of(peer).isPresent();
  }

  /** Whether this worker has announced what a step costs it. */
  public boolean hasAnnouncedCost() {
    return plan().announced().isPresent();
  }

  /** A peer has gone. */
  public void gone(WorkerId peer) {
    costs.gone(peer);
  }

  /** Whether a peer's plan can be this worker's, too. */
  public boolean accepts(Control.Status status) {
    return status.global() <= Math.max(config.trainingExamples(), plan().global());
  }

  /** Takes over the plan of a peer, for the workers there are. */
  public void adopt(Control.Status status) {
    plan().adopt(status);
    plan().workers(roster.workers());
  }

  /** Tells a peer how long a step takes here, once that is known. */
  public void announceCostTo(WorkerId peer) {
    plan()
        .announced()
        .ifPresent(c -> outbox.send(peer, new Control.Cost(c.alphaSeconds(), c.betaSeconds())));
  }

  /** Tells all peers how long a step takes here, once that is known. */
  public void announceCost() {
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
