package io.dlion.cluster.worker;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Learner;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Rank;
import io.dlion.core.wire.Control.Reason;
import java.io.IOException;
import java.util.Optional;

/**
 * How a worker ended.
 *
 * @param worker which one
 * @param reason why
 * @param failure what went wrong, with {@link Reason#FAILURE}
 * @param unsaved why its last checkpoint could not be saved, if so
 * @param learner its replica, usable by the thread that awaited the outcome until the cluster is
 *     closed; empty if it ended before it had one
 * @param best the best model that its evaluations during training have found, if it was kept
 * @param rank how much its replica counts for the run's model
 */
public record WorkerOutcome(
    WorkerId worker,
    Reason reason,
    Optional<Throwable> failure,
    Optional<IOException> unsaved,
    Optional<Learner> learner,
    Optional<BestModel> best,
    Rank rank) {
  /** Of a worker that ended before it had a replica. */
  public static WorkerOutcome untrained(WorkerId worker, Reason reason) {
    return new WorkerOutcome(
        worker,
        reason,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Rank.PEER);
  }

  /** The replica, if the worker came to an orderly end. */
  public Optional<Learner> soundReplica() {
    return reason == Reason.FAILURE || reason == Reason.DIVERGED ? Optional.empty() : learner;
  }
}
