package io.dlion.core.peer;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.node.Improvement;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Timer;
import io.dlion.core.node.Timers;
import io.dlion.core.peer.pace.Waiting;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.settings.Goal;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Reason;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Knows whether and why a worker comes to its end. Confined to its node. */
final class Ending {
  private final Goal goal;
  private final Roster roster;
  private final Waiting waiting;
  private final Tally tally;
  private final Timers timers;
  private final Outbox outbox;
  private final Runnable last;
  private @Nullable Reason reason;
  private double accuracy = Double.NaN;
  private final Improvement improvement = new Improvement();

  /** What peers have told of their last evaluations. */
  private final Map<WorkerId, Control.Accuracy> told = new HashMap<>();

  /**
   * The worker trains.
   *
   * @param last sends what has to be sent before a goodbye
   */
  Ending(
      Goal goal,
      Roster roster,
      Waiting waiting,
      Tally tally,
      Timers timers,
      Outbox outbox,
      Runnable last) {
    this.last = last;
    this.goal = goal;
    this.roster = roster;
    this.waiting = waiting;
    this.tally = tally;
    this.timers = timers;
    this.outbox = outbox;
  }

  /** Why the worker ends; null while it trains. */
  @Nullable Reason reason() {
    return reason;
  }

  /** Whether the worker trains on. */
  boolean isOpen() {
    return reason == null;
  }

  /** Training begins: sets the deadline, and checks whether all is done already. */
  void start() {
    if (goal.nanos() != Long.MAX_VALUE) {
      timers.set(Timer.DEADLINE, goal.nanos());
    }
    checkGoal();
  }

  /** Ends if enough samples have been processed, or the time is over. */
  void checkGoal() {
    if (tally.clusterSamples() >= goal.samples()) {
      finish(Reason.EPOCHS);
    } else if (outbox.now() >= goal.nanos()) {
      finish(Reason.TIME);
    }
  }

  /** This worker was evaluated during training; returns whether it never was better. */
  boolean evaluated(Evaluation own) {
    accuracy = own.accuracy();
    return improvement.evaluated(own);
  }

  /** A peer has told of an evaluation. */
  void told(WorkerId peer, Control.Accuracy found) {
    told.put(peer, found);
    checkEvaluations();
  }

  /** A peer has gone. */
  void gone(WorkerId peer) {
    told.remove(peer);
  }

  /**
   * Ends if the mean accuracy of all workers is as high as was asked for, or none of them has
   * become better for as many evaluations as was asked for.
   */
  void checkEvaluations() {
    if (meanAccuracy() >= goal.accuracy()) { // false while one of them is NaN
      finish(Reason.TARGET);
    } else if (goal.patience() > 0 && allAreOutOfPatience()) {
      finish(Reason.PATIENCE);
    }
  }

  private double meanAccuracy() {
    double sum = accuracy;
    for (WorkerId peer : roster.ids()) {
      Control.Accuracy found = told.get(peer);
      sum += found == null ? Double.NaN : found.accuracy();
    }
    return sum / roster.workers();
  }

  /** Peers that have never told of an evaluation, for want of a test set, have no say. */
  private boolean allAreOutOfPatience() {
    return improvement.without() >= goal.patience()
        && roster.ids().stream()
            .map(told::get)
            .allMatch(found -> found == null || found.without() >= goal.patience());
  }

  /** Evaluations in a row of this worker that were no better than its best. */
  int without() {
    return improvement.without();
  }

  void save(Map<String, String> state) {
    improvement.save(state);
  }

  void restore(Map<String, String> state) {
    improvement.restore(state);
  }

  /** Ends for this reason, unless the end has begun already, and says goodbye. */
  void finish(Reason why) {
    if (reason == null) {
      reason = why;
      waiting.end();
      last.run();
      outbox.broadcast(new Control.Goodbye(why));
    }
  }
}
