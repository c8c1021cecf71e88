package io.dlion.cli.run;

import io.dlion.cli.checkpoint.CheckpointFiles;
import io.dlion.cli.checkpoint.Resumption;
import io.dlion.cli.job.Job;
import io.dlion.cli.measure.SelfMeasurement;
import io.dlion.cli.problem.Problem;
import io.dlion.cli.stream.WorkerStreams;
import io.dlion.cluster.begin.InitialWeights;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.learn.Subset;
import io.dlion.core.strategy.Strategy;
import io.dlion.data.partition.Partition;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.recognise.DataSets;
import io.dlion.engine.ModelSpec;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker on a network knows before it meets others: its job, and what its data would be like
 * if it were the only one.
 *
 * @param job with model and settings chosen for the data
 * @param ground what others must have in common with it
 * @param agreement how its data is encoded
 * @param examples of its shard
 * @param before the run that it goes on with; empty for a new run
 * @param resumption where it goes on; empty for a new run
 * @param alone its data and model, for the case that nobody else has other words; given up when
 *     memory is short, since data may fill most of it
 */
record Introduction(
    Job job,
    Map<String, String> ground,
    DataAgreement agreement,
    long examples,
    Optional<RunFolder> before,
    Optional<Resumption> resumption,
    SoftReference<Problem> alone) {
  /**
   * Opens a worker's data, encoded as its run began where it goes on with one.
   *
   * @param before the run that it goes on with
   */
  static Introduction of(Job asked, WorkerPlace place, Optional<RunFolder> before)
      throws IOException {
    WorkerStreams.requireEffects(asked);
    if (before.isEmpty() && !onlyServes(asked, place)) {
      WorkerStreams.requireFolder(asked, place.name());
    }
    Problem problem =
        before.isPresent()
            ? Problem.of(asked, new RunData(before.get()).open(asked), before)
            : Problem.openPart(asked);
    Job job = asked.fitted(problem.model().name(), problem.fitted(asked.settings()));
    Optional<Resumption> resumption = Optional.empty();
    if (before.isPresent()) {
      resumption =
          Optional.of(
              Resumption.read(
                  new CheckpointFiles(before.get().checkpoints()),
                  List.of(place.name()),
                  problem.model(),
                  job.settings()));
    }
    return new Introduction(
        job,
        CommonGround.of(job, problem),
        DataAgreement.of(
            problem.data().preprocessing(), !DataSets.classes(job.data(), job.reading()).isEmpty()),
        shard(job, problem, place).count()
            + WorkerStreams.kept(job, onlyServes(job, place) ? 0 : 1),
        before,
        resumption,
        new SoftReference<>(problem));
  }

  /**
   * What a model from a file begins with, which may have been exported with another seed than that
   * of other workers. Empty for a built-in model, which all draw from the seed of the run, and for
   * one that goes on from a checkpoint.
   */
  Optional<InitialWeights> initialWeights() {
    if (resumption.isPresent()) {
      return Optional.empty();
    }
    ModelSpec model = Optional.ofNullable(alone.get()).orElseGet(() -> Problem.open(job)).model();
    if (model.isBuiltIn()) {
      return Optional.empty();
    }
    try (Learner learner = model.learner(job.seed(), 1)) {
      return Optional.of(InitialWeights.of(learner));
    }
  }

  /** Threads that compute. */
  int threads() {
    return job.threads().orElse(Runtime.getRuntime().availableProcessors());
  }

  /** Measures what the worker's machine computes; data that was given up is opened again. */
  SelfMeasurement measurement(WorkerPlace place) {
    return new SelfMeasurement(
        () -> Optional.ofNullable(alone.get()).orElseGet(() -> Problem.openPart(job)),
        job.seed(),
        threads(),
        !onlyServes(job, place),
        place.handicap());
  }

  /** The worker's data as all workers of the run encode theirs, and the model for it. */
  Problem encodedBy(Preprocessing agreed) {
    agreed.requireTwoClasses("the data of all workers");
    Optional<Problem> same =
        Optional.ofNullable(alone.get()).filter(p -> p.data().preprocessing().equals(agreed));
    alone.clear();
    return same.orElseGet(
        () -> Problem.of(job, Problem.openData(job, Optional.of(agreed)), before));
  }

  /** The worker's part of the training examples; nothing where it is to serve and not to train. */
  static Examples shard(Job job, Problem problem, WorkerPlace place) {
    if (onlyServes(job, place) || job.isWithoutData()) {
      return problem.nothing();
    }
    Examples shard = part(job, problem, place);
    problem.requireBatch(shard, place.name().name());
    return shard;
  }

  /** Whether the worker is to serve and not to train. */
  static boolean onlyServes(Job job, WorkerPlace place) {
    return Strategy.of(job.settings())
        .server()
        .filter(rule -> !rule.trains() && rule.name().equals(Optional.of(place.name())))
        .isPresent();
  }

  private static Examples part(Job job, Problem problem, WorkerPlace place) {
    Examples all = problem.data().train();
    if (place.shard().of() == 1) {
      return all;
    }
    double[] equal = new double[place.shard().of()];
    Arrays.fill(equal, 1);
    int[] rows =
        Partition.parse(job.partition())
            .divide(all, equal, job.seed())
            .get(place.shard().number() - 1);
    if (rows.length == 0) {
      throw new UserError(
          Phrase.of(
              "--shard %d/%d: there is nothing in it", place.shard().number(), place.shard().of()));
    }
    return new Subset(all, rows);
  }
}
