package io.dlion.cli.emulate;

import io.dlion.cli.job.Job;
import io.dlion.cli.problem.Problem;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Subset;
import io.dlion.core.report.ReportSink;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import io.dlion.data.DataSet;
import io.dlion.data.partition.Partition;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SitedWorker;
import io.dlion.emulator.run.Emulation;
import io.dlion.emulator.run.ExchangeCost;
import io.dlion.emulator.run.LearnerPool;
import io.dlion.emulator.run.Outcome;
import io.dlion.engine.ModelSpec;
import io.dlion.monitor.comparison.trace.RunRecorder;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * Emulates single runs: one method, one environment, one seed. Thread safe: several may be run at a
 * time.
 *
 * @param data what is learned from
 * @param test what accuracy is measured on
 * @param model what learns
 * @param partition how the data is divided
 * @param budgetNanos virtual time of a run
 * @param evaluateEveryNanos virtual time between evaluations
 * @param cores that compute the gradients of a run
 * @param until mean accuracy over workers at which a run ends; empty: each takes all the time
 * @param cancelled whether to stop early
 */
public record RunEmulator(
    DataSet data,
    Examples test,
    ModelSpec model,
    Partition partition,
    long budgetNanos,
    long evaluateEveryNanos,
    int cores,
    OptionalDouble until,
    BooleanSupplier cancelled) {
  /** Part of a run, from its middle on, of which every activity is kept for the report. */
  private static final double WINDOW_SHARE = 0.04;

  /**
   * Emulates runs with a model and its data.
   *
   * @param job says how the data is divided
   * @param any settings: how many test examples judge is the same for all methods
   * @param atOnce how many runs share the cores
   */
  public static RunEmulator of(
      Problem problem,
      Job job,
      Settings any,
      Duration budget,
      Duration evaluateEvery,
      int cores,
      int atOnce,
      BooleanSupplier cancelled) {
    return new RunEmulator(
        problem.data(),
        Problem.sample(problem.data().test(), any.smallInteger("evaluate.examples"), 1),
        problem.model(),
        Partition.parse(job.partition()),
        budget.toNanos(),
        evaluateEvery.toNanos(),
        Math.max(1, cores / atOnce),
        OptionalDouble.empty(),
        cancelled);
  }

  /** Runs a method once. Machines that only serve are left out where it has no server. */
  public SeedRun run(Environment environment, Settings settings, long seed) {
    return run(environment, settings, seed, _ -> {}, (_, _, _, _, _) -> {});
  }

  /**
   * Runs a method once; reports go to the sink too, and who relayed for whom is told. Machines that
   * only serve are left out where the method has no server.
   */
  SeedRun run(
      Environment environment,
      Settings settings,
      long seed,
      ReportSink sink,
      RunObserver.Relaying relaying) {
    Environment where = hasServer(settings) ? environment : environment.withoutServers();
    List<WorkerId> workers = where.workers().stream().map(SitedWorker::id).toList();
    return run(where, workers, settings, seed, sink, relaying, false);
  }

  /** The same for runs of another length, in environments that are as they are for this one. */
  public RunEmulator lasting(long nanos) {
    return new RunEmulator(
        data, test, model, partition, nanos, evaluateEveryNanos, cores, until, cancelled);
  }

  /**
   * The same for runs that end as soon as an evaluation shows this accuracy, mean over workers. The
   * time to it is that of a whole run; all else is known until then only.
   */
  public RunEmulator until(OptionalDouble accuracy) {
    return new RunEmulator(
        data, test, model, partition, budgetNanos, evaluateEveryNanos, cores, accuracy, cancelled);
  }

  /** Whether a method is one of those with a server. */
  public static boolean hasServer(Settings settings) {
    return !settings.is("server.method", "none");
  }

  /** Runs the ideal bound of an environment once. */
  SeedRun ideal(Environment environment, Settings settings, long seed, ReportSink sink) {
    Environment where = environment.withoutServers();
    WorkerId one = where.workers().getFirst().id();
    return run(where, List.of(one), settings, seed, sink, (_, _, _, _, _) -> {}, true);
  }

  private SeedRun run(
      Environment environment,
      List<WorkerId> workers,
      Settings settings,
      long seed,
      ReportSink sink,
      RunObserver.Relaying relaying,
      boolean ideal) {
    long half = budgetNanos / 2;
    RunRecorder recorder =
        new RunRecorder(
            seed,
            ideal ? workers : environment.initialMembers(),
            half,
            half + (long) (WINDOW_SHARE * budgetNanos),
            environment.driftSeconds());
    Emulation.Spec spec =
        new Emulation.Spec(
            environment,
            Strategy.of(settings),
            shards(environment, workers, seed),
            test,
            data.train().count(),
            Long.MAX_VALUE,
            budgetNanos,
            evaluateEveryNanos,
            seed,
            ExchangeCost.MEASURED,
            new RunObserver(recorder, sink, relaying),
            () -> cancelled.getAsBoolean() || isThere(recorder));
    try (LearnerPool pool = new LearnerPool(_ -> model.learner(seed, 1), cores)) {
      Outcome outcome = ideal ? Emulation.ideal(spec, pool) : Emulation.run(spec, pool);
      return recorder.finish(stoppedBy(outcome, recorder), outcome.virtualNanos());
    }
  }

  private String stoppedBy(Outcome outcome, RunRecorder recorder) {
    if (outcome.finished().containsValue(Reason.DIVERGED)) {
      return SeedRun.DIVERGED;
    }
    return isThere(recorder) ? SeedRun.TARGET : "time";
  }

  private boolean isThere(RunRecorder recorder) {
    return until.isPresent() && recorder.stoodAt(until.getAsDouble());
  }

  /** Equal shares for those who train, and nothing for the others. */
  private List<Examples> shards(Environment environment, List<WorkerId> workers, long seed) {
    double[] equal = new double[(int) workers.stream().filter(environment::trains).count()];
    Arrays.fill(equal, 1);
    Iterator<int[]> shares = partition.divide(data.train(), equal, seed).iterator();
    List<Examples> shards = new ArrayList<>();
    for (WorkerId worker : workers) {
      boolean trains = environment.trains(worker);
      Examples shard = new Subset(data.train(), trains ? shares.next() : new int[0]);
      if (trains) {
        new Problem(data, model).requireBatch(shard, "worker " + worker);
      }
      shards.add(shard);
    }
    return shards;
  }
}
