package io.dlion.core.strategy;

import io.dlion.core.UserError;
import io.dlion.core.batching.BatchRule;
import io.dlion.core.batching.Weighting;
import io.dlion.core.exchange.ExchangeMethods;
import io.dlion.core.exchange.ExchangeRule;
import io.dlion.core.exchange.LinkRule;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.server.method.ServerRule;
import io.dlion.core.settings.FewExamples;
import io.dlion.core.settings.Settings;
import io.dlion.core.stream.StreamRule;
import io.dlion.core.sync.SyncRule;
import io.dlion.core.topology.TopologyRule;
import io.dlion.core.transfer.KnowledgeTransfer;
import java.util.Optional;

/**
 * What a run's settings come to: a typed rule for each part of a method. Resolved once, when
 * settings are read; nothing compares their texts afterwards.
 *
 * @param batching of batch sizes
 * @param descent how gradients change weights
 * @param exchange what goes on each link
 * @param links how much of a link is used for what
 * @param synchronization when the next iteration may start
 * @param transfer direct knowledge transfer
 * @param topology who exchanges gradients with whom
 * @param anticipates whether something stands in for gradients of peers until they arrive
 * @param server how a run with a server works; empty where there is none, and then the rules of
 *     exchange, synchronization, transfer and topology hold
 * @param evaluateEpochs epochs between two evaluations
 * @param checkpointEpochs epochs between two checkpoints
 * @param stream how workers learn from streams, where they have one
 */
public record Strategy(
    BatchRule batching,
    DescentRule descent,
    ExchangeRule exchange,
    LinkRule links,
    SyncRule synchronization,
    KnowledgeTransfer.Rule transfer,
    TopologyRule topology,
    boolean anticipates,
    Optional<ServerRule> server,
    double evaluateEpochs,
    double checkpointEpochs,
    StreamRule stream) {
  /**
   * Resolves settings.
   *
   * @throws UserError where they contradict each other
   */
  public static Strategy of(Settings settings) {
    Contradictions.check(settings);
    ExchangeRule exchange = ExchangeMethods.of(settings);
    Strategy strategy =
        new Strategy(
            BatchRule.of(settings),
            DescentRule.of(settings, exchange),
            exchange,
            LinkRule.of(settings),
            SyncRule.of(settings),
            KnowledgeTransfer.Rule.of(settings),
            TopologyRule.of(settings),
            settings.is("exchange.anticipation", "on"),
            ServerRule.of(settings),
            settings.number("evaluate.every"),
            settings.number("checkpoint.every"),
            StreamRule.of(settings));
    return strategy.anticipates && !strategy.canAnticipate() ? strategy.plain() : strategy;
  }

  private Strategy plain() {
    return with(descent, false);
  }

  private Strategy with(DescentRule rule, boolean anticipating) {
    return with(rule, topology, anticipating);
  }

  private Strategy with(DescentRule rule, TopologyRule neighbours, boolean anticipating) {
    return new Strategy(
        batching,
        rule,
        exchange,
        links,
        synchronization,
        transfer,
        neighbours,
        anticipating,
        server,
        evaluateEpochs,
        checkpointEpochs,
        stream);
  }

  /**
   * The same for streams, which have no end that a learning rate could fall towards, and whose
   * workers must know from the beginning who tells whom of records.
   */
  public Strategy ofStream() {
    return with(descent.withConstantRate(), topology.forGood(), anticipates);
  }

  /** Where receivers have momentum a correction would be drawn out over further steps. */
  private boolean canAnticipate() {
    return !synchronization.ordered()
        && descent.local().isEmpty()
        && weighsAtSender()
        && exchange.exchangesGradients()
        && (descent.atSender() || !descent.optimizer().remembers());
  }

  /** The same, with smaller steps where there are only a handful of training examples. */
  public Strategy fittedTo(long trainingExamples) {
    double share = FewExamples.share(trainingExamples);
    return share == 1 ? this : with(descent.scaled(share), anticipates);
  }

  /**
   * Whether a gradient is weighted, {@code b_j / B}, before it is sent, so that it counts for the
   * same in all replicas although B may change while parts of it wait for a link, or be another in
   * each part of a cluster that is cut in two. Where replicas are alike an iteration has one B, and
   * the receiver weights it, as it does where the weight depends on who receives.
   */
  public boolean weighsAtSender() {
    return batching.weighting() == Weighting.SAMPLES
        && (descent.local().isEmpty() || isDecoupled())
        && !keepsReplicasAlike();
  }

  /** Whether workers take local steps and nobody waits for slow workers or thin links. */
  public boolean isDecoupled() {
    return descent.local().map(LocalSteps::isDecoupled).orElse(false);
  }

  /** Whether replicas are the same after each iteration. */
  public boolean keepsReplicasAlike() {
    return synchronization.ordered() && topology.isMesh() && !averagesInPairs();
  }

  /** Whether a worker averages with one peer at a time, so that no two replicas are the same. */
  public boolean averagesInPairs() {
    return descent.local().map(LocalSteps::inPairs).orElse(false);
  }

  /**
   * Whether an update is the mean over what went into it, by samples or evenly, as in federated
   * averaging.
   */
  public boolean averages() {
    return descent.local().isPresent() && synchronization.ordered();
  }

  /** Gradients that a worker computes in an iteration. */
  public int gradientsPerIteration(ParameterLayout layout) {
    return descent.local().map(local -> local.perIteration(layout)).orElse(1);
  }
}
