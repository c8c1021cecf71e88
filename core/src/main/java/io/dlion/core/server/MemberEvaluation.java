package io.dlion.core.server;

import io.dlion.core.learn.Evaluation;
import io.dlion.core.node.Action;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Improvement;
import io.dlion.core.node.Keeper;
import io.dlion.core.node.Milestones;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.RateControl;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.wire.Control.Reason;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluations of a member: when one is due, what it is of, and what follows from it. While a server
 * evaluates, its model is in the replica in the place of what its own client has there. Confined to
 * its node.
 */
final class MemberEvaluation {
  private final NodeConfig config;
  private final Replica replica;
  private final RateControl rates;
  private final Outbox outbox;
  private final Keeper keeper;
  private final Improvement improvement = new Improvement();
  private final Milestones milestones;
  private boolean due;

  // of the one under way
  private Subject subject = new Subject(0, 0);
  private long sinceNanos;
  private boolean shown;
  private float[] aside = {};
  private float[] asideBuffers = {};

  /**
   * What is evaluated.
   *
   * @param iteration of a client; of a server the version of its model
   * @param samples that all clients had processed
   */
  record Subject(long iteration, long samples) {}

  /** None is due so far. */
  MemberEvaluation(NodeConfig config, Replica replica, RateControl rates, Outbox outbox) {
    this.config = config;
    this.replica = replica;
    this.rates = rates;
    this.outbox = outbox;
    keeper = new Keeper(config.keepsBest(), replica);
    milestones = new Milestones(config.strategy().evaluateEpochs() * config.trainingExamples());
  }

  /** The best model found, where that is kept. */
  Optional<BestModel> best() {
    return keeper.best();
  }

  /** All clients have processed so many samples. */
  void processed(long samples) {
    due |= config.evaluates() && milestones.due(samples);
  }

  boolean isDue() {
    return due;
  }

  /** Begins to evaluate a server's model, which is put into the replica for that time. */
  void begin(GlobalModel model, long samples) {
    if (aside.length == 0) {
      aside = new float[replica.layout().size()];
      asideBuffers = new float[replica.bufferLayout().size()];
    }
    MemorySegment.ofArray(aside).copyFrom(replica.weights());
    MemorySegment.ofArray(asideBuffers).copyFrom(replica.buffers());
    replica.weights().copyFrom(model.weights());
    replica.buffers().copyFrom(model.buffers());
    shown = true;
    begin(new Subject(model.version(), samples), false);
  }

  /**
   * Begins to evaluate what is in the replica: the last evaluation of a run.
   *
   * @param whole whether on all of the test set
   */
  void begin(Subject of, boolean whole) {
    due = false;
    subject = of;
    sinceNanos = outbox.now();
    outbox.add(new Action.Evaluate(whole));
  }

  /**
   * The evaluation has ended.
   *
   * @param counts whether it was of a server's model during the run: those are compared
   */
  void ended(Evaluation found, boolean counts) {
    if (counts) {
      if (improvement.evaluated(found)) {
        keeper.keep(found, subject.iteration(), subject.samples());
      }
      rates.evaluated(improvement.without());
    }
    if (shown) {
      replica.weights().copyFrom(MemorySegment.ofArray(aside));
      replica.buffers().copyFrom(MemorySegment.ofArray(asideBuffers));
      shown = false;
    }
    outbox.tell(
        new Report.Evaluated(
            config.self(),
            outbox.now(),
            subject.iteration(),
            subject.samples(),
            found.accuracy(),
            found.loss(),
            outbox.now() - sinceNanos));
  }

  /** Why the run ends with this evaluation; empty if it goes on. */
  Optional<Reason> endsRun(Evaluation found) {
    Goal goal = config.goal();
    if (found.accuracy() >= goal.accuracy()) { // false where it is NaN
      return Optional.of(Reason.TARGET);
    }
    return goal.patience() > 0 && improvement.without() >= goal.patience()
        ? Optional.of(Reason.PATIENCE)
        : Optional.empty();
  }

  /**
   * Adds what there is to know to a saved state.
   *
   * @param underWay whether one is under way that must be made again
   */
  void save(Map<String, String> state, boolean underWay) {
    state.put("evaluations", Long.toString(milestones.passed()));
    state.put("evaluation-due", Boolean.toString(due || underWay));
    improvement.save(state);
  }

  /** Goes on with a saved state. */
  void restore(Checkpoint checkpoint) {
    due = Boolean.parseBoolean(checkpoint.state().get("evaluation-due"));
    milestones.restore(checkpoint.number("evaluations"));
    improvement.restore(checkpoint.state());
    keeper.restore(checkpoint.best());
  }
}
