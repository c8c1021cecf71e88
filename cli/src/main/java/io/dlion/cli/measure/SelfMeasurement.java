package io.dlion.cli.measure;

import io.dlion.cli.calibrate.StepCosts;
import io.dlion.cli.problem.Problem;
import io.dlion.cluster.survey.HostFacts;
import io.dlion.cluster.survey.StepFacts;
import io.dlion.cluster.worker.Handicap;
import io.dlion.core.UserError;
import io.dlion.core.batching.Cost;
import io.dlion.core.learn.Learner;
import io.dlion.engine.ModelSpec;
import java.util.function.Supplier;

/**
 * Measures the machine that a worker is on, as the worker would use it.
 *
 * @param problem opens the worker's data and model
 * @param seed of the model's weights
 * @param threads with which it computes
 * @param trains whether it computes at all
 * @param handicap how much slower than it is it is to be
 */
public record SelfMeasurement(
    Supplier<Problem> problem, long seed, int threads, boolean trains, Handicap handicap) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Which machine it is. */
  public HostFacts host() {
    return new HostFacts(
        MachineId.here(), Runtime.getRuntime().availableProcessors(), Math.max(1, threads));
  }

  /**
   * Times gradients, after warming up.
   *
   * @param name of a built-in model; empty for the worker's own
   * @param secondsMax that timing may take, about, warming up not counted
   * @throws UserError where there is nothing to time, or the model is not for the data
   */
  public StepFacts steps(String name, int secondsMax) {
    if (!trains) {
      throw new UserError("it only serves, and computes no gradients");
    }
    Problem opened = problem.get();
    ModelSpec model =
        name.isEmpty() ? opened.model() : Problem.model(name, opened.data().train().shape());
    if (opened.data().train().count() == 0) {
      throw new UserError("it has no examples to time gradients with");
    }
    try (Learner learner = model.learner(seed, Math.max(1, threads))) {
      StepTiming timing =
          new StepTiming(learner, opened.data().train(), model.minimumBatch(), System::nanoTime);
      StepTiming.Timed timed = timing.within(Math.round(secondsMax * NANOS_PER_SECOND));
      Cost cost = StepCosts.fit(timed.sizes(), timed.seconds()).cost();
      return new StepFacts(
          model.name(),
          model.parameters().elements(),
          handicap.factor() * cost.alphaSeconds(),
          handicap.factor() * cost.betaSeconds(),
          handicap.perStep().toNanos() / NANOS_PER_SECOND,
          timed.gradients());
    }
  }
}
