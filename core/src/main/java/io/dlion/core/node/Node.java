package io.dlion.core.node;

import io.dlion.core.exchange.Exchange;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Seeds;
import io.dlion.core.report.Report;
import io.dlion.core.transfer.KnowledgeTransfer;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Reason;
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
 *       local batch;
 *   <li>put on each link what it can carry of the gradient;
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
  private final Update update;
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
  private final Inbound inbound;

  private Phase phase = Phase.NEW;
  private @Nullable Checkpoint restored;
  private boolean stepDue;
  private boolean evaluationDue;
  private boolean evaluatedAtEnd;

  private enum Phase {
    NEW,
    IDLE,
    PROFILING,
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
    Strategy strategy = new Strategy(config.settings());
    long seed = Seeds.derive(config.seed(), config.self().name());
    Function<String, Exchange> exchangeOf =
        group -> strategy.exchange(replica, Seeds.derive(seed, group));
    KnowledgeTransfer transfer = new KnowledgeTransfer(config.self(), strategy.transfer());
    double examples = config.trainingExamples();
    this.config = config;
    this.replica = replica;
    update = new Update(replica, strategy);
    evaluations = new Milestones(config.settings().number("evaluate.every") * examples);
    checkpoints = new Milestones(config.settings().number("checkpoint.every") * examples);
    roster = new Roster(config.self());
    tally = new Tally(roster);
    outbox = new Outbox(config.self(), roster, replica.layout().fingerprint());
    waiting = new Waiting(outbox);
    pace = new Pace(strategy, roster, waiting, outbox);
    ending = new Ending(config.goal(), roster, waiting, tally, outbox);
    soundness = new Soundness(config, replica, ending, tally, outbox);
    batches = new Batches(config, strategy, replica, roster, tally, outbox);
    links = new Links(config.self(), strategy, exchangeOf, buffers, roster, batches, tally, outbox);
    knowledge = new KnowledgeDesk(config.self(), transfer, replica, buffers, roster, tally, outbox);
    Neighbours neighbours =
        new Neighbours(
            config.self(), strategy.topology(config.sites()), roster, links, knowledge, tally);
    members =
        new Members(
            config.self(), pace, roster, links, neighbours, knowledge, batches, tally, outbox);
    inbound =
        new Inbound(
            replica,
            roster,
            new PeerGradients(pace, update, links, batches, tally),
            knowledge,
            new Announcements(knowledge, batches, members, ending, outbox),
            outbox);
  }

  /** Goes on from a checkpoint of the same model; to be called before {@link Event.Started}. */
  public void restore(Checkpoint checkpoint) {
    replica.weights().copyFrom(checkpoint.weights());
    replica.buffers().copyFrom(checkpoint.buffers());
    update.restore(checkpoint.velocity());
    Map<String, String> state = checkpoint.state();
    tally.restore(state);
    evaluations.restore(Long.parseLong(state.getOrDefault("evaluations", "0")));
    checkpoints.restore(Long.parseLong(state.getOrDefault("checkpoints", "0")));
    roster.restore(state);
    restored = checkpoint;
  }

  /** Everything needed to go on from here; valid until the next event. */
  public Checkpoint checkpoint() {
    Map<String, String> state = new TreeMap<>();
    tally.save(state);
    state.put("evaluations", Long.toString(evaluations.passed()));
    state.put("checkpoints", Long.toString(checkpoints.passed()));
    state.put("nanos", Long.toString(outbox.now()));
    roster.save(state);
    batches.save(state);
    return new Checkpoint(
        config.self(),
        state,
        replica.layout(),
        replica.weights(),
        update.velocity(),
        replica.bufferLayout(),
        replica.buffers());
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
        case Event.Started e -> started(e);
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

  private void started(Event.Started e) {
    members.start(e.members());
    batches.start();
    phase = Phase.IDLE;
    if (restored != null) {
      batches.restore(restored.state());
      restored = null;
    }
    ending.start();
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
      case WAITING -> waiting.timerFired();
    }
  }

  // ---- one iteration

  /** Goes as far as it can without waiting for anything. */
  private void advance() {
    while (phase == Phase.IDLE) {
      // Not once the run is over: what has been evaluated is what will be saved.
      knowledge.takeOver(ending.isOpen());
      Reason reason = ending.reason();
      if (stepDue && (reason == null || reason == Reason.EPOCHS || !pace.ordered())) {
        if (pace.ordered() && pace.mustWaitForGradients(tally.iteration + 1)) {
          return;
        }
        step();
      } else if (reason != null) {
        conclude(reason);
      } else if (evaluationDue) {
        evaluationDue = false;
        evaluate(false);
      } else if (!startComputing()) {
        return;
      }
    }
  }

  /** Returns false if the iteration has to wait. */
  private boolean startComputing() {
    Optional<Integer> profile = batches.profileNext();
    if (profile.isPresent()) {
      compute(Phase.PROFILING, profile.get(), -1);
      return true;
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
    knowledge.answerRequests();
    tally.localBatch = batches.local();
    compute(Phase.COMPUTING, tally.localBatch, tally.iteration);
    return true;
  }

  private void compute(Phase purpose, int samples, long seedOf) {
    phase = purpose;
    long own = Seeds.derive(config.seed(), config.self().name());
    outbox.add(new Action.Compute(tally.position, samples, Seeds.derive(own, seedOf)));
  }

  private void computed(Event.Computed e) {
    boolean profiling = phase == Phase.PROFILING;
    phase = Phase.IDLE;
    if (profiling) {
      batches.profiled(e.computeNanos());
      return;
    }
    tally.position += tally.localBatch;
    if (!soundness.accepts(e.loss())) {
      return;
    }
    tally.computed(e.loss(), e.computeNanos());
    batches.observed();
    update.computed(tally.localBatch);
    if (ending.isOpen()) {
      links.offer(update.own(), update.ownScale());
    }
    stepDue = true;
  }

  private void step() {
    tally.waitNanos += waiting.end();
    stepDue = false;
    applyGradients();
    outbox.tell(tally.report(config.self(), outbox.now(), batches.global()));
    tally.waitNanos = 0;
    knowledge.iterationEnded();
    tally.iteration++;
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
    for (Update.Applied applied :
        update.step(tally.iteration, batches.weightFactor(), config.self())) {
      links.applied(applied.from(), applied.message());
      outbox.consumed(applied.from(), applied.message().payload());
    }
  }

  // ---- evaluation and the end

  private void evaluate(boolean whole) {
    phase = Phase.EVALUATING;
    outbox.add(new Action.Evaluate(whole));
  }

  private void evaluated(Evaluation found) {
    phase = Phase.IDLE;
    ending.accuracy(found.accuracy());
    outbox.tell(
        new Report.Evaluated(
            config.self(),
            outbox.now(),
            tally.iteration,
            tally.clusterSamples(),
            found.accuracy(),
            found.loss()));
    if (ending.isOpen()) {
      outbox.broadcast(new Control.Accuracy(tally.iteration, found.accuracy(), found.loss()));
      ending.checkTarget();
    }
  }

  private void conclude(Reason reason) {
    if (stepDue) { // an iteration that was not applied has not been
      stepDue = false;
      tally.takeBack();
    }
    if (reason != Reason.DIVERGED) {
      if (config.evaluates() && !evaluatedAtEnd) {
        evaluatedAtEnd = true;
        evaluate(reason != Reason.REQUEST);
        return;
      }
      save();
    }
    phase = Phase.FINISHED;
    for (Update.Applied held : update.held()) {
      outbox.consumed(held.from(), held.message().payload());
    }
    outbox.add(new Action.Finish(reason));
  }

  private void save() {
    if (Blocks.allFinite(replica.weights(), replica.layout().size())) {
      outbox.add(new Action.Save());
    }
  }
}
