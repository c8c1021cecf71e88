package io.dlion.core.node;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.batching.Division;
import io.dlion.core.batching.EqualFinishDivision;
import io.dlion.core.batching.FastestBatch;
import io.dlion.core.batching.Growth;
import io.dlion.core.batching.GrowthSchedule;
import io.dlion.core.batching.NoiseGuidedGrowth;
import io.dlion.core.batching.ProportionalDivision;
import io.dlion.core.batching.Weighting;
import io.dlion.core.exchange.Exchange;
import io.dlion.core.exchange.GradientBlocks;
import io.dlion.core.exchange.PartialGradients;
import io.dlion.core.exchange.SignificantUpdates;
import io.dlion.core.exchange.WholeGradients;
import io.dlion.core.kernel.RunningAverage;
import io.dlion.core.layout.Fragments;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.settings.Options;
import io.dlion.core.settings.Settings;
import io.dlion.core.sync.Synchronization;
import io.dlion.core.sync.TokenQueue;
import io.dlion.core.topology.Edges;
import io.dlion.core.topology.Exponential;
import io.dlion.core.topology.Hierarchical;
import io.dlion.core.topology.Mesh;
import io.dlion.core.topology.Ring;
import io.dlion.core.topology.SpanningTree;
import io.dlion.core.topology.Topology;
import io.dlion.core.transfer.KnowledgeTransfer;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Turns settings into the policies a node is composed of: the only place that knows which setting
 * means what.
 */
final class Strategy {
  private final Settings settings;

  Strategy(Settings settings) {
    this.settings = settings;
    requireSteps("local.fragments", settings.smallInteger("local.fragments"));
    requireSteps(
        "local.overlap",
        (settings.smallInteger("local.overlap") + 1) * settings.smallInteger("local.fragments"));
    if (settings.smallInteger("local.fragments") > 1 && !settings.is("exchange.method", "full")) {
      throw new UserError(
          "local.fragments="
              + settings.text("local.fragments")
              + ": exchange.method="
              + settings.text("exchange.method")
              + " selects from the whole model; expected exchange.method=full, or 1 fragment");
    }
    if (localSteps() > 0 && !settings.is("topology.kind", "mesh")) {
      throw new UserError(
          "topology.kind="
              + settings.text("topology.kind")
              + ": expected mesh with local.steps="
              + settings.text("local.steps")
              + ", for all workers must take the mean of the same round, and what is relayed comes"
              + " rounds later. Set topology.kind=mesh, or local.steps=0");
    }
  }

  private void requireSteps(String key, int steps) {
    if (steps > 1 && steps > localSteps()) {
      throw new UserError(
          key
              + "="
              + settings.text(key)
              + ": needs local.steps of at least "
              + steps
              + ", found "
              + localSteps());
    }
  }

  /**
   * The rule of batch sizes.
   *
   * @param initial b_0, in samples
   * @param fitted whether b_0 follows the cost of steps as soon as that is known
   * @param adaptive whether local batches follow speed
   * @param division how B is divided
   * @param growth how B grows
   * @param periodSamples samples between two adjustments of B
   * @param profileSteps timed steps per batch size at the start
   * @param announceChange relative change of cost that is announced
   * @param exchangeSeconds what exchange takes of each step
   * @param waiting whether workers wait for each other
   * @param trainingExamples D, over all workers
   */
  record Batching(
      int initial,
      int least,
      boolean fitted,
      boolean adaptive,
      Division division,
      Growth growth,
      double periodSamples,
      int profileSteps,
      double announceChange,
      double exchangeSeconds,
      boolean waiting,
      long trainingExamples) {}

  Batching batching(
      long trainingExamples, int workers, long parameters, boolean networked, int least) {
    return new Batching(
        Math.max(least, initialBatch()),
        least,
        settings.isAuto("batching.initial") && settings.is("batching.local", "adaptive"),
        settings.is("batching.local", "adaptive"),
        settings.is("batching.division", "equal-finish")
            ? new EqualFinishDivision()
            : new ProportionalDivision(),
        growth(trainingExamples, workers),
        Math.max(
            settings.number("batching.period") * trainingExamples,
            (double) initialBatch() * workers),
        settings.smallInteger("batching.profile-steps"),
        settings.number("batching.announce-change"),
        exchanges() ? FastestBatch.exchangeSeconds(parameters, workers - 1, networked) : 0,
        !settings.is("sync.mode", "asynchronous"),
        trainingExamples);
  }

  /** Samples per worker at the start, b_0, as far as it is known before steps are timed. */
  private int initialBatch() {
    return settings.isAuto("batching.initial")
        ? Options.FITTED_FROM
        : settings.smallInteger("batching.initial");
  }

  private Growth growth(long trainingExamples, int workers) {
    double factor = settings.number("batching.speed-up-factor");
    double bound = settings.number("batching.speed-up-until") * trainingExamples;
    return switch (settings.text("batching.growth")) {
      case "schedule" ->
          new GrowthSchedule(
              settings.isAuto("batching.warm-up-step")
                  ? (double) initialBatch() * workers
                  : settings.number("batching.warm-up-step"),
              settings.number("batching.warm-up-until") * trainingExamples,
              factor,
              bound);
      case "noise" ->
          new NoiseGuidedGrowth(settings.number("batching.noise-factor"), factor, bound);
      default -> Growth.NONE;
    };
  }

  /**
   * Whether B is decided from measurements that differ between workers, so that one of them must
   * decide.
   */
  boolean growthIsMeasured() {
    return settings.is("batching.growth", "noise");
  }

  Weighting weighting() {
    return Weighting.valueOf(settings.text("batching.weighting").toUpperCase(Locale.ROOT));
  }

  Synchronization synchronization() {
    long bound = settings.integer("sync.bound");
    int backup = settings.smallInteger("sync.backup");
    if (settings.is("sync.mode", "asynchronous")) {
      return new Synchronization.Asynchronous();
    }
    if (backup == 0) {
      return new Synchronization.Bounded(bound);
    }
    TokenQueue tokens =
        tokenQueue()
            .orElseThrow(() ->
                new UserError(
                    "sync.backup="
                        + backup
                        + ": expected sync.tokens of 1 or more with it, found 0; without tokens"
                        + " nothing bounds how far a worker runs ahead. Set sync.tokens=8"));
    return new Synchronization.Backed(bound, backup, tokens.capacity());
  }

  /** How far a worker may run ahead of any peer, if that is limited by tokens. */
  Optional<TokenQueue> tokenQueue() {
    long capacity = settings.integer("sync.tokens");
    return capacity == 0 ? Optional.empty() : Optional.of(new TokenQueue(capacity));
  }

  Exchange exchange(Replica replica, long seed) {
    ParameterLayout layout = replica.layout();
    ValueFormat format = valueFormat();
    boolean waited = settings.is("sync.mode", "bounded") || tokenQueue().isPresent();
    return switch (settings.text("exchange.method")) {
      case "none" ->
          new WholeGradients(List.of(new Selection(layout)), format, waited, false, seed);
      case "blocks" -> new GradientBlocks(layout, format, seed);
      case "significant" ->
          new SignificantUpdates(
              layout,
              format,
              settings.number("exchange.significance"),
              learningRate(),
              replica.weights(),
              seed);
      case "full" ->
          // Not rounded if it is a velocity: the errors would stay in it.
          new WholeGradients(parts(layout), format, waited, !correctsMomentum(), seed);
      default ->
          new PartialGradients(
              layout,
              format,
              settings.isAuto("exchange.n")
                  ? OptionalDouble.empty()
                  : OptionalDouble.of(settings.number("exchange.n")),
              settings.number("exchange.minimum-n"),
              settings.is("exchange.residual", "accumulate"),
              seed);
    };
  }

  private List<Selection> parts(ParameterLayout layout) {
    Fragments fragments = fragments(layout);
    List<Selection> parts = new ArrayList<>();
    for (int i = 0; i < fragments.count(); i++) {
      Selection part = new Selection(layout);
      fragments.of(i).forEach(v -> part.selectWhole(layout.variables().indexOf(v)));
      parts.add(part);
    }
    return parts;
  }

  /** Whether peers are sent anything of gradients. */
  boolean exchanges() {
    return !settings.is("exchange.method", "none");
  }

  /**
   * Whether a gradient is weighted, {@code b_j / B}, before it is sent, so that it counts for the
   * same in all replicas although B may change while parts of it wait for a link, or be another in
   * each part of a cluster that is cut in two. Where replicas are alike an iteration has one B, and
   * the receiver weights it, as it does where the weight depends on who receives.
   */
  boolean weighsAtSender() {
    return weighting() == Weighting.SAMPLES && localSteps() == 0 && !keepsReplicasAlike();
  }

  /** Whether replicas are the same after each iteration. */
  boolean keepsReplicasAlike() {
    return synchronization().ordered() && settings.is("topology.kind", "mesh");
  }

  /**
   * Who exchanges gradients with whom.
   *
   * @param sites the site of each worker, unless the settings say where they are
   */
  Topology topology(Map<WorkerId, String> sites) {
    return switch (settings.text("topology.kind")) {
      case "ring" -> new SpanningTree(new Ring());
      case "exponential" -> new SpanningTree(new Exponential());
      case "hierarchical" -> hierarchical(sites);
      case "edges" -> new SpanningTree(Edges.parse(settings.text("topology.edges")));
      default -> new Mesh();
    };
  }

  private Topology hierarchical(Map<WorkerId, String> sites) {
    return settings.isAuto("topology.sites")
        ? new Hierarchical(sites)
        : Hierarchical.parse(settings.text("topology.sites"));
  }

  /** Whether peers are told ahead of gradients that take longer on a link than an iteration. */
  boolean announcesDelays() {
    return settings.is("sync.barrier", "on");
  }

  /**
   * What stands in for gradients of peers until they arrive, if anything does.
   *
   * @param trainingExamples D
   */
  Optional<Anticipation> anticipation(ParameterLayout layout, long trainingExamples) {
    // What is relayed comes late and in sums: which own steps stood in for it is not known.
    boolean possible =
        !synchronization().ordered() && weighsAtSender() && settings.is("topology.kind", "mesh");
    return possible && settings.is("exchange.anticipation", "on")
        ? Optional.of(
            new Anticipation(
                layout.size(),
                new RandomDivision(trainingExamples, correctsMomentum() ? momentum() : 0)))
        : Optional.empty();
  }

  /** The average of a replica's steps, where that is the model. */
  Averaging averaging(Replica replica) {
    int gamma = settings.smallInteger("optimizer.averaging");
    return new Averaging(
        replica.weights(),
        gamma == 0
            ? Optional.empty()
            : Optional.of(new RunningAverage(replica.layout().size(), gamma)));
  }

  /**
   * How long a link gathers before it is given a message.
   *
   * @param bytes that are worth one
   * @param iterationsMax after which it is given one anyway
   */
  record Gathering(double bytes, double iterationsMax) {
    /** How many iterations a link gathers that carries so many bytes in one. */
    double iterations(double bytesPerIteration) {
      return Math.clamp(Math.ceil(bytes / bytesPerIteration), 1, iterationsMax);
    }
  }

  Gathering gathering(ParameterLayout layout) {
    return new Gathering(
        settings.number("exchange.gather-share") * EncodedSize.whole(layout, valueFormat()),
        settings.integer("exchange.gather-iterations"));
  }

  private ValueFormat valueFormat() {
    return ValueFormat.valueOf(settings.text("exchange.values").toUpperCase(Locale.ROOT));
  }

  /** Share of what a link carries in one iteration that gradients may use. */
  double budgetShare() {
    return settings.number("exchange.budget-share");
  }

  KnowledgeTransfer.Rule transfer() {
    return new KnowledgeTransfer.Rule(
        KnowledgeTransfer.Scope.valueOf(settings.text("transfer.scope").toUpperCase(Locale.ROOT)),
        settings.is("transfer.rule", "timely"),
        settings.integer("transfer.period"),
        settings.smallInteger("transfer.window"),
        settings.number("transfer.lambda"),
        settings.number("transfer.max-age"));
  }

  /** Share of a link that weights get while they are under way. */
  double reservedShare() {
    return settings.number("transfer.reserved-share");
  }

  /** How own gradients, and the sum of all, change the weights. */
  Descent descent(Replica replica, Optional<Anticipation> anticipation) {
    return localSteps() > 0
        ? new LocalDescent(replica, this)
        : new GradientDescent(replica, this, anticipation);
  }

  /**
   * Whether an update is the mean over the samples that went into it, as in federated averaging.
   */
  boolean averages() {
    return localSteps() > 0 && synchronization().ordered();
  }

  /** Gradients that a worker applies on its own between two exchanges of all parameters, H. */
  private int localSteps() {
    return settings.smallInteger("local.steps");
  }

  /**
   * The rule of local steps.
   *
   * @param steps in an iteration
   * @param overlap how many of them after the exchange has begun, τ
   * @param kept share of the local weights that is kept at its end, α; 0 without overlap
   */
  record Local(int steps, int overlap, float kept) {}

  Local local(ParameterLayout layout) {
    int overlap = settings.smallInteger("local.overlap");
    return new Local(
        gradientsPerIteration(layout),
        overlap,
        overlap == 0 ? 0 : (float) settings.number("local.mixing"));
  }

  /** The parts of the model that are exchanged by turns. */
  Fragments fragments(ParameterLayout layout) {
    return new Fragments(layout, settings.smallInteger("local.fragments"));
  }

  /** Gradients that a worker computes in an iteration. */
  int gradientsPerIteration(ParameterLayout layout) {
    return Math.max(1, localSteps() / fragments(layout).count());
  }

  double outerLearningRate() {
    return settings.number("outer.learning-rate");
  }

  double outerMomentum() {
    return settings.number("outer.momentum");
  }

  /** The step size η; one that nobody has fitted to the data is that of classifications. */
  double learningRate() {
    return settings.isAuto("optimizer.learning-rate")
        ? Options.LEARNING_RATE
        : settings.number("optimizer.learning-rate");
  }

  double momentum() {
    return settings.number("optimizer.momentum");
  }

  /**
   * Whether momentum is applied by the sender of a gradient rather than by its receivers; local
   * steps have their own.
   */
  boolean correctsMomentum() {
    return settings.is("exchange.momentum", "sender") && momentum() > 0 && localSteps() == 0;
  }

  double weightDecay() {
    return settings.number("optimizer.weight-decay");
  }
}
