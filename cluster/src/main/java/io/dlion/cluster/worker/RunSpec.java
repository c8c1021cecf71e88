package io.dlion.cluster.worker;

import io.dlion.core.learn.Examples;
import io.dlion.core.learn.LearnerFactory;
import io.dlion.core.node.Goal;
import io.dlion.core.report.ReportSink;
import io.dlion.core.strategy.Strategy;

/**
 * What a worker is to do, wherever it is.
 *
 * @param strategy the rules of the run
 * @param goal when the run is over
 * @param seed of the run
 * @param test the test set, possibly empty
 * @param testSample what evaluations during training use
 * @param learners makes a worker's learner on its compute thread
 * @param sink takes all reports
 * @param checkpoints keeps checkpoints
 * @param keepsBest whether a worker keeps a copy of the best model that its evaluations find
 */
public record RunSpec(
    Strategy strategy,
    Goal goal,
    long seed,
    Examples test,
    Examples testSample,
    LearnerFactory learners,
    ReportSink sink,
    CheckpointStore checkpoints,
    boolean keepsBest) {
  /** What a worker is to do that keeps no best model. */
  public RunSpec(
      Strategy strategy,
      Goal goal,
      long seed,
      Examples test,
      Examples testSample,
      LearnerFactory learners,
      ReportSink sink,
      CheckpointStore checkpoints) {
    this(strategy, goal, seed, test, testSample, learners, sink, checkpoints, false);
  }
}
