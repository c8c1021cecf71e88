package io.dlion.core.node;

import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Reason;
import org.jspecify.annotations.Nullable;

/** Knows whether and why a worker comes to its end. Confined to its node. */
final class Ending {
  private final Goal goal;
  private final Roster roster;
  private final Waiting waiting;
  private final Tally tally;
  private final Outbox outbox;
  private @Nullable Reason reason;
  private double accuracy = Double.NaN;

  Ending(Goal goal, Roster roster, Waiting waiting, Tally tally, Outbox outbox) {
    this.goal = goal;
    this.roster = roster;
    this.waiting = waiting;
    this.tally = tally;
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
      outbox.add(new Action.SetTimer(Timer.DEADLINE, goal.nanos()));
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

  /** This worker has measured its accuracy. */
  void accuracy(double own) {
    accuracy = own;
  }

  /** Ends if the mean accuracy of all workers is as high as was asked for. */
  void checkTarget() {
    double sum = accuracy + roster.peers().stream().mapToDouble(p -> p.accuracy).sum();
    if (sum / roster.workers() >= goal.accuracy()) { // false while one of them is NaN
      finish(Reason.TARGET);
    }
  }

  /** Ends for this reason, unless the end has begun already, and says goodbye. */
  void finish(Reason why) {
    if (reason == null) {
      reason = why;
      waiting.end();
      outbox.broadcast(new Control.Goodbye(why));
    }
  }
}
