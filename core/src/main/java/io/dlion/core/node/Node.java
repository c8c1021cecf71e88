package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.exchange.Exchange;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Seeds;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.report.Report;
import io.dlion.core.settings.FewExamples;
import io.dlion.core.transfer.KnowledgeTransfer;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Control;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A worker as a pure state machine: events in, actions out. It holds no clock, thread or socket;
 * the same code runs on a cluster, in one process, and in an emulator. One iteration of a worker
 * reads, top to bottom:
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
 * <p>Not thread safe: confined to one thread at a time. Weights and buffers of the replica change
 * only inside {@link #handle}, and never while a computation is under way.
 */
public final class Node {
  private final NodeConfig config;
  private final Replica replica;
  private final Pace pace;
  private final Descent descent;
  private final Update update;
  private final Optional<Anticipation> anticipation;
  private final Averaging averaging;
  private final Keeper keeper;
  private final Milestones evaluations;
  private final Milestones checkpoints;
  private final Roster roster;
  private final Tally tally;
  private final Outbox outbox;
  private final Waiting waiting;
  private final Ending ending;
  private final Soundness soundness;
  private final Batches batches;
  private final Links links;
  private final KnowledgeDesk knowledge;
  private final Members members;
  private final CatchUp catchUp;
  private final Inbound inbound;

  private Phase phase = Phase.NEW;
  private @Nullable Checkpoint restored;
  private boolean contributed;
  private boolean evaluationDue;
  private boolean evaluatedAtEnd;
  private long evaluatingSinceNanos;

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
  public Node(NodeConfig config, Replica replica, Buffers buffers) {
    Strategy strategy =
        new Strategy(FewExamples.fitted(config.settings(), config.trainingExamples()));
    long seed = Seeds.derive(config.seed(), config.self().name());
    Function<String, Exchange> exchangeOf =
        group -> strategy.exchange(replica, Seeds.derive(seed, group));
    KnowledgeTransfer transfer = new KnowledgeTransfer(config.self(), strategy.transfer());
    double examples = config.trainingExamples();
    this.config = config;
    this.replica = replica;
    anticipation = strategy.anticipation(replica.layout(), config.trainingExamples());
    descent = strategy.descent(replica, anticipation);
    averaging = strategy.averaging(replica);
    keeper = new Keeper(config.keepsBest(), replica);
    evaluations = new Milestones(config.settings().number("evaluate.every") * examples);
    checkpoints = new Milestones(config.settings().number("checkpoint.every") * examples);
    roster = new Roster(config.self());
    tally = new Tally(roster);
    outbox = new Outbox(config.self(), roster, replica.layout().fingerprint());
    update = new Update(replica, descent, strategy.averages(), anticipation, outbox);
    waiting = new Waiting(roster, outbox);
    pace = new Pace(strategy, roster, waiting, outbox);
    ending = new Ending(config.goal(), roster, waiting, tally, outbox);
    soundness = new Soundness(config, replica, ending, tally, outbox);
    batches = new Batches(config, strategy, replica, roster, tally, outbox);
    links =
        new Links(
            config.self(),
            strategy,
            exchangeOf,
            strategy.gathering(replica.layout()),
            buffers,
            roster,
            batches,
            tally,
            outbox);
    Neighbours neighbours =
        new Neighbours(config.self(), strategy.topology(config.sites()), roster, links, tally);
    catchUp = new CatchUp(roster, waiting, neighbours, batches, tally, outbox);
    knowledge =
        new KnowledgeDesk(
            config.self(), transfer, catchUp, replica, descent, buffers, roster, tally, outbox);
    members =
        new Members(
            config.self(),
            pace,
            roster,
            links,
            neighbours,
            knowledge,
            batches,
            catchUp,
            tally,
            outbox);
    inbound =
        new Inbound(
            replica,
            roster,
            new PeerGradients(pace, update, links, batches, tally, outbox),
            knowledge,
            new Announcements(knowledge, batches, members, ending, outbox),
            outbox);
  }

  /** Goes on from a checkpoint of the same model; to be called before {@link Event.Started}. */
  public void restore(Checkpoint checkpoint) {
    replica.weights().copyFrom(checkpoint.weights());
    replica.buffers().copyFrom(checkpoint.buffers());
    descent.begin();
    descent
        .memory()
        .forEach((name, memory) ->
            memory.copyFrom(checkpoint.memories().getOrDefault(name, MemorySegment.NULL)));
    Map<String, String> state = checkpoint.state();
    averaging.restore(state, checkpoint.memories());
    tally.restore(state);
    evaluationDue = Boolean.parseBoolean(state.get("evaluation-due"));
    evaluations.restore(Long.parseLong(state.getOrDefault("evaluations", "0")));
    checkpoints.restore(Long.parseLong(state.getOrDefault("checkpoints", "0")));
    roster.restore(state);
    ending.restore(state);
    keeper.restore(checkpoint.best());
    restored = checkpoint;
  }

  /** The weights to judge this worker by; valid until the next event. */
  public MemorySegment model() {
    return averaging.model();
  }

  /** The best model that evaluations have found, where that is kept; valid until the next event. */
  public Optional<BestModel> best() {
    return keeper.best();
  }

  /** Everything needed to go on from here; valid until the next event. */
  public Checkpoint checkpoint() {
    Map<String, String> state = new TreeMap<>();
    tally.save(state);
    state.put("evaluations", Long.toString(evaluations.passed()));
    // One that is under way is still to be done by whoever goes on from here.
    boolean evaluating = phase == Phase.EVALUATING && !evaluatedAtEnd;
    state.put("evaluation-due", Boolean.toString(evaluationDue || evaluating));
    state.put("checkpoints", Long.toString(checkpoints.passed()));
    state.put("nanos", Long.toString(outbox.now()));
    roster.save(state);
    ending.save(state);
    batches.save(state);
    Map<String, MemorySegment> memory = new TreeMap<>(descent.memory());
    averaging.save(state, memory);
    return new Checkpoint(
        config.self(),
        state,
        replica.layout(),
        averaging.lastStep(),
        memory,
        replica.bufferLayout(),
        replica.buffers(),
        keeper.best());
  }

  /**
   * Takes an event.
   *
   * @return what the runtime has to do, in this order
   */
  public List<Action> handle(Event event) {
    outbox.at(event.nowNanos());
    if (phase != Phase.FINISHED) {
      switch (event) {
        case Event.Started e -> {
          members.start(e.members());
          begin();
        }
        case Event.Joined e -> {
          members.join(e.members());
          begin();
        }
        case Event.Computed e -> computed(e);
        case Event.Evaluated e -> evaluated(e.evaluation());
        case Event.Received e -> inbound.received(e.from(), e.payload());
        case Event.MembersChanged e -> members.changed(e.members());
        case Event.LinkMeasured e ->
            roster.with(e.peer(), peer -> peer.bytesPerSecond = e.bytesPerSecond());
        case Event.LinkReady e -> roster.with(e.peer(), peer -> linkReady(peer, e.priority()));
        case Event.TimerFired e -> timerFired(e.timer());
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
    if (tally.pending > 0 && descent.keepsGradients() && ending.isOpen()) {
      tally.restorePending();
      offer();
    }
  }

  private void linkReady(Peer peer, Priority priority) {
    if (priority == Priority.WEIGHTS) {
      peer.transferring = false;
    } else if (priority == Priority.GRADIENT) {
      peer.ready = true;
      if (ending.isOpen()) {
        links.resume(peer);
      }
    }
  }

  private void timerFired(Timer timer) {
    switch (timer) {
      case DEADLINE -> ending.finish(Reason.TIME);
      case WAITING -> {
        List<WorkerId> late = waiting.timerFired();
        if (!catchUp.isUnderWay()) {
          members.ask(late);
        } else if (!late.isEmpty()) {
          catchUp.retry();
        }
      }
    }
  }

  // ---- one iteration

  /** Goes as far as it can without waiting for anything. */
  private void advance() {
    while (phase == Phase.IDLE) {
      // Not once the run is over: what has been evaluated is what will be saved.
      if (!descent.underway() && knowledge.takeOver(ending.isOpen(), !contributed)) {
        averaging.restart();
        anticipation.ifPresent(Anticipation::restart);
      }
      Reason reason = ending.reason();
      if (reason != null && !finishesIteration(reason)) {
        conclude(reason);
      } else if (stepDue()) {
        if (pace.ordered() && pace.mustWaitForGradients(tally.iteration + 1)) {
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

  private boolean stepDue() {
    return contributed && descent.complete();
  }

  /** Whether the iteration is still applied, because others may have applied this worker's part. */
  private boolean finishesIteration(Reason reason) {
    return contributed && (reason == Reason.EPOCHS || (stepDue() && !pace.ordered()));
  }

  /** Returns false if the iteration has to wait. */
  private boolean startComputing() {
    if (!descent.underway()) {
      knowledge.answerRequests();
      long before = tally.iteration;
      if (catchUp.mustWait(pace.tooOld(catchUp.furthest(), before))) {
        return false;
      }
      if (tally.iteration > before) {
        pace.begins(tally.iteration - 1); // peers need not wait for those that were left out
      }
    }
    if (batches.needsCosts()
        && waiting.must("the profile", 0, roster.peers(), peer -> peer.cost == null)) {
      return false;
    }
    if (pace.mustWait(tally.iteration)) {
      return false;
    }
    tally.waitNanos += waiting.end();
    pace.begins(tally.iteration);
    tally.localBatch = batches.local();
    phase = Phase.COMPUTING;
    soundness.begins();
    long own = Seeds.derive(config.seed(), config.self().name());
    outbox.add(
        new Action.Compute(
            tally.position,
            tally.localBatch,
            Seeds.derive(own, tally.position),
            batches.isProfiling()));
    return true;
  }

  private void computed(Event.Computed e) {
    phase = Phase.IDLE;
    tally.position += tally.localBatch;
    if (!soundness.accepts(e.loss())) {
      return;
    }
    tally.computed(e.loss(), e.computeNanos());
    batches.observed(e.computeNanos(), e.waitedNanos());
    descent.computed(tally.iteration, tally.localBatch, batches.ownFactor(), batches.whole());
    if (descent.complete()) {
      tally.allComputed();
    }
    if (descent.contributes() && soundness.acceptsSum(descent.sound())) {
      offer();
    }
  }

  /** This worker's part of an update is there: sends it. */
  private void offer() {
    contributed = true;
    tally.contributed();
    if (ending.isOpen()) {
      double likeness = anticipation.map(Anticipation::cosine).orElse(0.0);
      links.offer(descent.own(), descent.ownScale(), likeness);
    }
  }

  private void step() {
    tally.waitNanos += waiting.end();
    contributed = false;
    applyGradients();
    averaging.stepped();
    outbox.tell(tally.report(config.self(), outbox.now(), batches.global()));
    anticipation.flatMap(Anticipation::news).ifPresent(news -> outbox.notice(Severity.INFO, news));
    knowledge.iterationEnded();
    tally.iterationEnded();
    members.iterationEnded();
    batches.iterationEnded();
    evaluationDue |= config.evaluates() && evaluations.due(tally.clusterSamples());
    boolean save = checkpoints.due(tally.clusterSamples());
    ending.checkGoal();
    if (save && ending.isOpen()) {
      save();
    }
  }

  private void applyGradients() {
    anticipation.ifPresent(a -> a.peers(roster.ids(), outbox.now()));
    for (Update.Applied applied :
        update.step(tally.iteration, batches.receivedFactor(), config.self(), batches.whole())) {
      links.applied(applied.from(), applied.message());
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
    if (!evaluatedAtEnd && ending.evaluated(found)) {
      keeper.keep(found, tally.iteration, tally.clusterSamples());
    }
    averaging.hide();
    outbox.tell(
        new Report.Evaluated(
            config.self(),
            outbox.now(),
            tally.iteration,
            tally.clusterSamples(),
            found.accuracy(),
            found.loss(),
            outbox.now() - evaluatingSinceNanos));
    if (ending.isOpen()) {
      outbox.broadcast(
          new Control.Accuracy(tally.iteration, found.accuracy(), found.loss(), ending.without()));
      ending.checkEvaluations();
    }
  }

  private void conclude(Reason asked) {
    contributed = false;
    descent.takeBack(); // an iteration that was not applied has not been
    tally.takeBack();
    knowledge.takeOver(false, false);
    Reason reason =
        asked == Reason.DIVERGED || soundness.acceptsReplica() ? asked : Reason.DIVERGED;
    if (reason != Reason.DIVERGED) {
      if (config.evaluates() && !evaluatedAtEnd) {
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
