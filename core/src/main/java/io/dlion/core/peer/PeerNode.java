package io.dlion.core.peer;

import io.dlion.core.WorkerId;
import io.dlion.core.gossip.Pairing;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.RunningAverage;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Seeds;
import io.dlion.core.node.Action;
import io.dlion.core.node.Averaging;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Keeper;
import io.dlion.core.node.Milestones;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.RateControl;
import io.dlion.core.node.Replica;
import io.dlion.core.node.Soundness;
import io.dlion.core.node.Timer;
import io.dlion.core.node.Timers;
import io.dlion.core.peer.batches.Batches;
import io.dlion.core.peer.catchup.CatchUp;
import io.dlion.core.peer.catchup.Greeting;
import io.dlion.core.peer.catchup.Neighbours;
import io.dlion.core.peer.descent.Descent;
import io.dlion.core.peer.descent.GradientDescent;
import io.dlion.core.peer.descent.LocalDescent;
import io.dlion.core.peer.descent.OwnBatch;
import io.dlion.core.peer.gossip.Partners;
import io.dlion.core.peer.knowledge.KnowledgeDesk;
import io.dlion.core.peer.knowledge.Snapshots;
import io.dlion.core.peer.links.Contribution;
import io.dlion.core.peer.links.Links;
import io.dlion.core.peer.pace.Pace;
import io.dlion.core.peer.pace.Waiting;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.peer.rounds.Quorum;
import io.dlion.core.peer.rounds.RoundShares;
import io.dlion.core.peer.update.Anticipation;
import io.dlion.core.peer.update.RandomDivision;
import io.dlion.core.peer.update.Update;
import io.dlion.core.peer.update.UpdateRule;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.strategy.Decoupling;
import io.dlion.core.strategy.LocalSteps;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.topology.TopologyRule;
import io.dlion.core.transfer.KnowledgeTransfer;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.HeaderExtension.Kind;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A worker of the family without a server. One iteration of it reads, top to bottom:
 *
 * <ol>
 *   <li>wait until the synchronization rule allows the iteration, then ask for a gradient of the
 *       local batch, or for several in turn;
 *   <li>put on each link what it can carry of the gradient, or of what they add up to;
 *   <li>update the weights with the weighted gradients that have arrived and the own one;
 *   <li>announce losses, costs and batch sizes where they are due; evaluate and save where that is
 *       due.
 * </ol>
 *
 * <p>Not thread safe: confined to one thread at a time.
 */
public final class PeerNode implements Node {
  /** Iterations between two questions for a peer's cost that has not come. */
  private static final int ASK_ITERATIONS = 64;

  private final NodeConfig config;
  private final Replica replica;
  private final Pace pace;
  private final Descent descent;
  private final UpdateRule rule;
  private final Optional<RoundShares> shares;
  private final Optional<Quorum> quorum;
  private final Update update;
  private final RateControl rates;
  private final Averaging averaging;
  private final Keeper keeper;
  private final Milestones evaluations;
  private final Milestones checkpoints;
  private final Timers timers = new Timers();
  private final Roster roster;
  private final Tally tally;
  private final Outbox outbox;
  private final Waiting waiting;
  private final Ending ending;
  private final Soundness soundness;
  private final Batches batches;
  private final Links links;
  private final Snapshots snapshots;
  private final KnowledgeDesk knowledge;
  private final Greeting greeting;
  private final Arrivals arrivals;
  private final TopologyChoice choice;
  private final Departures departures;
  private final CatchUp catchUp;
  private final Inbound inbound;

  /** Gradients of an iteration, at most. */
  private final int steps;

  private Phase phase = Phase.NEW;
  private @Nullable Checkpoint restored;
  private boolean evaluationDue;
  private boolean evaluatedAtEnd;
  private long evaluatingSinceNanos;
  private float[] scratch = {};

  /** The rate that peers were told with the last contribution, as they have read it. */
  private double offeredRate = 1;

  private enum Phase {
    NEW,
    IDLE,
    COMPUTING,
    EVALUATING,
    FINISHED
  }

  /**
   * A node that has not started.
   *
   * @param buffers where the arrays of its messages come from
   */
  public PeerNode(NodeConfig given, Replica replica, Buffers buffers) {
    config = given.with(given.strategy().fittedTo(given.trainingExamples()));
    Strategy strategy = config.strategy();
    this.replica = replica;
    descent = descent(strategy, replica);
    steps = strategy.gradientsPerIteration(replica.layout());
    rates = new RateControl(strategy.descent().schedule(), config.goal(), config.steering());
    averaging = averaging(strategy, replica);
    keeper = new Keeper(config.keepsBest(), replica);
    evaluations = new Milestones(strategy.evaluateEpochs() * config.trainingExamples());
    checkpoints = new Milestones(strategy.checkpointEpochs() * config.trainingExamples());
    roster = new Roster(config.self());
    tally = new Tally(roster);
    Optional<Decoupling> decoupling = strategy.descent().local().flatMap(LocalSteps::decoupling);
    shares = decoupling.map(its -> new RoundShares(its, roster, tally));
    rule = shares.<UpdateRule>map(its -> its).orElseGet(() -> rule(config, replica));
    outbox = new Outbox(config.self(), roster::ids, replica.layout().fingerprint());
    update = new Update(replica, descent, strategy.averages(), rule, outbox);
    waiting = new Waiting(roster, timers, outbox);
    quorum =
        decoupling.flatMap(
            its -> shares.map(s -> new Quorum(its, s, roster, tally, waiting, timers, outbox)));
    Partners partners = new Partners(pairing(config), roster);
    pace = new Pace(strategy.synchronization(), partners, roster, waiting, outbox);
    soundness = new Soundness(replica, strategy.descent().optimizer().learningRate(), outbox);
    batches = new Batches(config, replica, roster, tally, outbox);
    GroupExchange exchanges = new GroupExchange(config, replica, partners);
    links = new Links(exchanges.linkRules(), exchanges, buffers, roster, tally, outbox);
    ending = new Ending(config.goal(), roster, waiting, tally, timers, outbox, links::finish);
    Neighbours neighbours = neighbours();
    greeting = new Greeting(links, batches, roster, tally, outbox);
    catchUp =
        new CatchUp(
            strategy.synchronization().waits(),
            roster,
            waiting,
            neighbours,
            greeting,
            batches,
            tally,
            outbox);
    snapshots =
        new Snapshots(replica, descent, this::settledWeights, links, buffers, tally, outbox);
    knowledge =
        new KnowledgeDesk(
            new KnowledgeTransfer(config.self(), strategy.transfer()),
            catchUp,
            replica,
            descent,
            roster,
            tally,
            outbox);
    arrivals = new Arrivals(pace, roster, neighbours, greeting, catchUp, batches, tally, outbox);
    choice = new TopologyChoice(neighbours, arrivals, catchUp, rule, roster, links, tally, outbox);
    departures = new Departures(roster, owners(neighbours), pace, batches, tally, outbox);
    PeerGradients gradients =
        new PeerGradients(pace, update, links, batches, roster, tally, outbox);
    inbound = new Inbound(replica, roster, gradients, knowledge, announcements(gradients), outbox);
  }

  private Neighbours neighbours() {
    TopologyRule rule = config.strategy().topology();
    return new Neighbours(
        rule.of(config.sites()), rule.ofThinLines(config.sites()), roster, links, tally);
  }

  private Announcements announcements(PeerGradients gradients) {
    return new Announcements(
        gradients,
        knowledge,
        snapshots,
        batches,
        pace,
        arrivals,
        choice,
        departures,
        ending,
        outbox);
  }

  private static Descent descent(Strategy strategy, Replica replica) {
    return strategy
        .descent()
        .local()
        .<Descent>map(local -> new LocalDescent(replica, strategy.descent().optimizer(), local))
        .orElseGet(() -> new GradientDescent(replica, strategy));
  }

  private static Optional<Pairing> pairing(NodeConfig config) {
    return config.strategy().averagesInPairs()
        ? Optional.of(new Pairing(config.seed()))
        : Optional.empty();
  }

  private static UpdateRule rule(NodeConfig config, Replica replica) {
    Strategy strategy = config.strategy();
    if (!strategy.anticipates()) {
      return UpdateRule.Plain.RULE;
    }
    double remembered =
        strategy.descent().atSender()
            ? strategy.descent().optimizer().atSender(replica.layout()).remembered()
            : 0;
    return new Anticipation(
        replica.layout().size(), new RandomDivision(config.trainingExamples(), remembered));
  }

  private static Averaging averaging(Strategy strategy, Replica replica) {
    int gamma = strategy.descent().averaging();
    return new Averaging(
        replica.weights(),
        gamma == 0
            ? Optional.empty()
            : Optional.of(new RunningAverage(replica.layout().size(), gamma)));
  }

  private Departures.Owners owners(Neighbours neighbours) {
    return new Departures.Owners(
        List.of(
            arrivals::gone,
            links::gone,
            update::gone,
            knowledge::gone,
            snapshots::gone,
            pace::gone,
            batches::gone,
            ending::gone),
        () -> {
          if (!catchUp.isUnderWay()) {
            arrivals.greet(neighbours.derive());
          }
        },
        knowledge::decide);
  }

  @Override
  public void restore(Checkpoint checkpoint) {
    replica.weights().copyFrom(checkpoint.weights());
    replica.buffers().copyFrom(checkpoint.buffers());
    descent.begin(checkpoint.iteration());
    descent
        .memory()
        .forEach((name, memory) ->
            memory.copyFrom(checkpoint.memories().getOrDefault(name, MemorySegment.NULL)));
    descent.resume(checkpoint.iteration());
    Map<String, String> state = checkpoint.state();
    averaging.restore(state, checkpoint.memories());
    tally.restore(state);
    links.restore(state);
    evaluationDue = Boolean.parseBoolean(state.get("evaluation-due"));
    evaluations.restore(Long.parseLong(state.getOrDefault("evaluations", "0")));
    checkpoints.restore(Long.parseLong(state.getOrDefault("checkpoints", "0")));
    roster.restore(state);
    ending.restore(state);
    rates.restore(state);
    keeper.restore(checkpoint.best());
    restored = checkpoint;
  }

  @Override
  public MemorySegment model() {
    return averaging.model();
  }

  @Override
  public MemorySegment modelBuffers() {
    return replica.buffers();
  }

  @Override
  public Optional<BestModel> best() {
    return keeper.best();
  }

  @Override
  public OptionalLong wakeAtNanos() {
    return timers.next();
  }

  @Override
  public Checkpoint checkpoint() {
    Map<String, String> state = new TreeMap<>();
    tally.save(state);
    links.save(state);
    state.put("evaluations", Long.toString(evaluations.passed()));
    // One that is under way is still to be done by whoever resumes from here.
    boolean evaluating = phase == Phase.EVALUATING && !evaluatedAtEnd;
    state.put("evaluation-due", Boolean.toString(evaluationDue || evaluating));
    state.put("checkpoints", Long.toString(checkpoints.passed()));
    state.put("nanos", Long.toString(outbox.now()));
    roster.save(state);
    ending.save(state);
    rates.save(state);
    batches.save(state);
    Map<String, MemorySegment> memory = new TreeMap<>(descent.memory());
    averaging.save(state, memory);
    return new Checkpoint(
        config.self(),
        state,
        replica.layout(),
        settledWeights(),
        memory,
        replica.bufferLayout(),
        replica.buffers(),
        keeper.best());
  }

  /** The weights of the last step, without what was put into them in advance. */
  private MemorySegment settledWeights() {
    float[] update = new float[config.strategy().anticipates() ? replica.layout().size() : 0];
    if (!update(update)) {
      return averaging.lastStep();
    }
    scratch = scratch.length == 0 ? new float[update.length] : scratch;
    MemorySegment settled = MemorySegment.ofArray(scratch);
    settled.copyFrom(averaging.lastStep());
    double rate = config.strategy().descent().optimizer().learningRate();
    Blocks.addScaled(MemorySegment.ofArray(update), (float) -rate, scratch);
    return settled;
  }

  private boolean update(float[] into) {
    return into.length > 0 && update.takeBack(into);
  }

  @Override
  public List<Action> handle(Event event) {
    outbox.at(event.nowNanos());
    if (phase != Phase.FINISHED) {
      switch (event) {
        case Event.Started e -> {
          arrivals.start(e.members());
          begin();
        }
        case Event.Joined e -> {
          arrivals.join(e.members());
          begin();
        }
        case Event.Computed e -> computed(e);
        case Event.Evaluated e -> evaluated(e.evaluation());
        case Event.Received e -> inbound.received(e.from(), e.payload());
        case Event.MembersChanged e -> arrivals.come(departures.changed(e.members()));
        case Event.PathsChanged e -> arrivals.relayed(e.relayed(), phase != Phase.NEW);
        case Event.ProcessorShared e -> links.limit(e.bytesPerSecond(), ending.isOpen());
        case Event.LinkMeasured e -> {
          if (roster.findAny(e.peer()) != null) {
            links.measured(e.peer(), e.bytesPerSecond());
          }
        }
        case Event.LinkReady e -> {
          if (roster.findAny(e.peer()) != null) {
            links.ready(e.peer(), e.priority(), ending.isOpen());
          }
        }
        case Event.TimersDue _ -> timersDue();
        case Event.StopRequested e -> ending.finish(e.reason());
      }
      advance();
    } else if (event instanceof Event.Received e) {
      outbox.consumed(e.from(), e.payload());
    }
    return outbox.take();
  }

  private void begin() {
    batches.start();
    phase = Phase.IDLE;
    if (restored != null) {
      batches.restore(restored.state());
      restored = null;
    }
    ending.start();
    if (tally.pending() > 0 && descent.keepsGradients() && ending.isOpen()) {
      tally.restorePending();
      descent.resumeKept(tally.iteration());
      offer();
    }
  }

  private void timersDue() {
    if (timers.expired(Timer.DEADLINE, outbox.now())) {
      ending.finish(Reason.TIME);
    }
    timers.expired(Timer.GRACE, outbox.now());
    if (timers.expired(Timer.WAITING, outbox.now())) {
      List<WorkerId> late = waiting.timerExpired();
      if (!catchUp.isUnderWay()) {
        quorum.ifPresent(q -> q.excuse(late));
        arrivals.ask(late);
      } else if (!late.isEmpty()) {
        catchUp.retry();
      }
    }
  }

  // ---- one iteration

  /** Goes as far as it can without waiting for anything. */
  private void advance() {
    while (phase == Phase.IDLE) {
      // Not once the run is over: what has been evaluated is what will be saved.
      if (!descent.underway() && knowledge.takeOver(ending.isOpen(), !tally.hasContributed())) {
        averaging.restart();
        rule.restart();
      }
      Reason reason = ending.reason();
      if (reason != null && !finishesIteration(reason)) {
        conclude(reason);
      } else if (stepDue()) {
        if (mustWaitForPeers(reason)) {
          return;
        }
        step();
      } else if (evaluationDue) {
        evaluationDue = false;
        evaluate(false);
      } else if (!startComputing()) {
        return;
      }
    }
  }

  /**
   * Whether the iteration, which has all of this worker, has to wait for others before its step.
   */
  private boolean mustWaitForPeers(@Nullable Reason reason) {
    return pace.ordered()
        ? pace.mustWaitForGradients(tally.iteration() + 1)
        : reason == null && quorum.isPresent() && quorum.get().mustWait();
  }

  private boolean stepDue() {
    return tally.hasContributed() && descent.complete();
  }

  /** Whether the iteration is still applied, because others may have applied this worker's part. */
  private boolean finishesIteration(Reason reason) {
    return tally.hasContributed()
        && ((reason == Reason.EPOCHS && !pace.inPairs())
            || (quorum.isPresent() && reason != Reason.DIVERGED)
            || (stepDue() && pace.stepsWithoutWaiting(tally.iteration())));
  }

  /** Returns false if the iteration has to wait. */
  private boolean startComputing() {
    if (!descent.underway()) {
      snapshots.answer();
      long before = tally.iteration();
      if (catchUp.mustWait(pace.holdsUp(catchUp.furthest(), before))) {
        return false;
      }
      if (tally.iteration() > before) {
        pace.begins(tally.iteration() - 1); // peers need not wait for those that were left out
      }
    }
    if (batches.needsCosts()
        && waiting.must(
            "the profile", 0, roster.peers(), peer -> !batches.knowsCostOf(peer.id()))) {
      return false;
    }
    if (pace.mustWait(tally.iteration())) {
      return false;
    }
    tally.waited(waiting.end());
    pace.begins(tally.iteration());
    tally.begins(batches.local());
    shares.ifPresent(s -> descent.plan(s.steps(steps)));
    phase = Phase.COMPUTING;
    soundness.begins();
    long own = Seeds.derive(config.seed(), config.self().name());
    outbox.add(
        new Action.Compute(
            tally.position(),
            tally.localBatch(),
            Seeds.derive(own, tally.position()),
            batches.isProfiling()));
    return true;
  }

  private void computed(Event.Computed e) {
    phase = Phase.IDLE;
    tally.drawn();
    switch (soundness.judge(e.loss(), tally.iteration())) {
      case LEFT_OUT -> {
        return;
      }
      case DIVERGED -> {
        ending.finish(Reason.DIVERGED);
        return;
      }
      case SOUND -> {}
    }
    tally.computed(e.loss(), e.computeNanos());
    batches.observed(e.costNanos(), e.waitedNanos());
    shares.ifPresent(s -> s.observed(e.costNanos()));
    descent.computed(
        tally.iteration(),
        new OwnBatch(
            tally.localBatch(), batches.ownFactor(), batches.whole(), rule.weight(), rate()));
    if (descent.complete()) {
      tally.allComputed();
    }
    if (descent.contributes()) {
      if (descent.sound()) {
        offer();
      } else {
        soundness.stops(
            "the sum of " + tally.iterationSamples() + " samples is not finite", tally.iteration());
        ending.finish(Reason.DIVERGED);
      }
    }
  }

  /** The share of the learning rate that the schedule asks for now. */
  private double rate() {
    return rates.share(tally.clusterSamples(), outbox.now());
  }

  /** This worker's part of an update is there: sends it. */
  private void offer() {
    if (quorum.isPresent() && !ending.isOpen()) {
      return; // a round that nobody is sent anything of is taken back
    }
    tally.contributed();
    offeredRate = (float) rate();
    if (ending.isOpen()) {
      HeaderExtension extension = rule.extension();
      if (rates.changes() && descent.agreesOnRate()) {
        extension = extension.with(Kind.RATE, offeredRate);
      }
      links.offer(
          new Contribution(
              descent.own(),
              descent.ownScale(),
              batches.noiseScale(),
              batches.receivedFactor(),
              extension));
    }
  }

  private void step() {
    tally.waited(waiting.end());
    applyGradients();
    quorum.ifPresent(Quorum::ended);
    averaging.stepped();
    outbox.tell(tally.report(outbox.now(), batches.global()));
    rule.news().ifPresent(news -> outbox.notice(Severity.INFO, news));
    knowledge.iterationEnded();
    tally.iterationEnded();
    askForCosts();
    batches.iterationEnded();
    choice.iterationEnded();
    evaluationDue |= config.evaluates() && evaluations.due(tally.clusterSamples());
    boolean save = checkpoints.due(tally.clusterSamples());
    ending.checkGoal();
    if (save && ending.isOpen()) {
      save();
    }
  }

  private void applyGradients() {
    rule.peers(choice.counted(), outbox.now());
    update
        .step(
            tally.iteration(),
            batches.receivedFactor(),
            batches.whole(),
            descent.agreesOnRate() ? offeredRate : rate())
        .forEach(applied -> links.applied(applied.from(), applied.message()));
  }

  /** What a peer costs may have got lost on the way: an answer tells it again. */
  private void askForCosts() {
    if (tally.iteration() % ASK_ITERATIONS == 0 && batches.hasAnnouncedCost()) {
      roster.ids().stream().filter(id -> !batches.knowsCostOf(id)).forEach(greeting::ask);
    }
  }

  // ---- evaluation and the end

  private void evaluate(boolean whole) {
    phase = Phase.EVALUATING;
    evaluatingSinceNanos = outbox.now();
    averaging.show();
    outbox.add(new Action.Evaluate(whole));
  }

  private void evaluated(Evaluation found) {
    phase = Phase.IDLE;
    if (!evaluatedAtEnd) {
      if (ending.evaluated(found)) {
        keeper.keep(found, tally.iteration(), tally.clusterSamples());
      }
      rates.evaluated(ending.without());
    }
    averaging.hide();
    outbox.tell(
        new Report.Evaluated(
            config.self(),
            outbox.now(),
            tally.iteration(),
            tally.clusterSamples(),
            found.accuracy(),
            found.loss(),
            outbox.now() - evaluatingSinceNanos));
    if (ending.isOpen()) {
      outbox.broadcast(
          new Control.Accuracy(
              tally.iteration(), found.accuracy(), found.loss(), ending.without()));
      ending.checkEvaluations();
    }
  }

  private void conclude(Reason asked) {
    descent.takeBack(); // an iteration that was not applied has not been
    tally.takeBack();
    if (quorum.isPresent() && asked != Reason.DIVERGED && !evaluatedAtEnd) {
      update.applyArrived(); // its senders count on it
    }
    knowledge.takeOver(false, false);
    Reason reason =
        asked == Reason.DIVERGED || soundness.acceptsReplica(tally.iteration())
            ? asked
            : Reason.DIVERGED;
    if (reason != Reason.DIVERGED) {
      if (config.evaluates() && !evaluatedAtEnd && reason != Reason.PAUSED) {
        evaluatedAtEnd = true;
        evaluationDue = false;
        if (reason != Reason.REQUEST) { // may take long, where the test set or the model is large
          outbox.notice(Severity.INFO, "training is over, evaluating on the whole test set");
        }
        evaluate(reason != Reason.REQUEST);
        return;
      }
      save();
    }
    phase = Phase.FINISHED;
    timers.stopAll();
    averaging.show();
    update.close();
    outbox.add(new Action.Finish(reason));
  }

  private void save() {
    if (replica.isFinite()) {
      outbox.add(new Action.Save());
    }
  }
}
