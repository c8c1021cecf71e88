package io.dlion.cluster.worker;

import io.dlion.core.learn.Examples;
import io.dlion.core.learn.LearnerFactory;
import io.dlion.core.report.ReportSink;
import io.dlion.core.settings.Goal;
import io.dlion.core.strategy.Strategy;

/**
 * What a worker is to do, wherever it is.
 *
 * @param task how it trains, and until when
 * @param tests what it evaluates with
 * @param learners makes a worker's learner on its compute thread
 * @param sink takes all reports
 * @param checkpoints keeps checkpoints
 * @param keepsBest whether a worker keeps a copy of the best model that its evaluations find
 */
public record RunSpec(
    Task task,
    Tests tests,
    LearnerFactory learners,
    ReportSink sink,
    CheckpointStore checkpoints,
    boolean keepsBest) {
  /**
   * How a worker trains, and until when.
   *
   * @param strategy the rules of the run
   * @param goal when the run is over
   * @param seed of the run
   */
  public record Task(Strategy strategy, Goal goal, long seed) {}

  /**
   * What a worker evaluates with.
   *
   * @param all the test set, possibly empty
   * @param sample what evaluations during training use
   */
  public record Tests(Examples all, Examples sample) {}

  /** The rules of the run. */
  public Strategy strategy() {
    return task.strategy();
  }
}
