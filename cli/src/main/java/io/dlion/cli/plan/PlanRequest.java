package io.dlion.cli.plan;

import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.problem.Problem;
import io.dlion.cli.tune.TuneRequest;
import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What somebody wants planned.
 *
 * @param sites for which
 * @param methods to choose from
 * @param fixed keys of each method, by its name, that are not tuned
 * @param draft data and model as they were written
 * @param job the same, resolved
 * @param names of models and data, to resolve the job that comes of it
 * @param target accuracy to reach, in (0, 1]
 * @param budget virtual time of a run
 * @param evaluateEvery virtual time between two evaluations
 * @param trials settings that are tried of each method
 * @param runs of each method with its best settings, at least 2
 * @param sample training examples to plan with at most
 * @param costPerGb price of 10^9 bytes that leave a site
 * @param whatIf whether better sites are emulated, too
 * @param like whom one more worker would be like; empty: the fastest
 * @param cores to use
 * @param out the folder of the plan
 * @param command what was typed, for the report
 */
record PlanRequest(
    Sites sites,
    List<ComparedMethod> methods,
    Map<String, Set<String>> fixed,
    Draft draft,
    Job job,
    KnownNames names,
    double target,
    Duration budget,
    Duration evaluateEvery,
    int trials,
    int runs,
    int sample,
    OptionalDouble costPerGb,
    boolean whatIf,
    Optional<WorkerId> like,
    int cores,
    Path out,
    String command) {
  /** Seed of what is tried when methods are tuned. */
  private static final int TUNING_SEED = 1;

  PlanRequest {
    methods = List.copyOf(methods);
    fixed = Map.copyOf(fixed);
  }

  /** The same, with what was left open filled in for a model and its data. */
  PlanRequest fittedTo(Problem problem) {
    return new PlanRequest(
        sites,
        methods.stream().map(method -> method.fittedTo(problem)).toList(),
        fixed,
        draft,
        job.fitted(problem.model().name(), problem.fitted(job.settings())),
        names,
        target,
        budget,
        evaluateEvery,
        trials,
        runs,
        sample,
        costPerGb,
        whatIf,
        like,
        cores,
        out,
        command);
  }

  /** The tuning that is part of it. */
  TuneRequest tuning(Environment where) {
    return new TuneRequest(
        List.of(where),
        methods,
        fixed,
        job,
        trials,
        budget,
        OptionalDouble.of(target),
        evaluateEvery,
        TUNING_SEED,
        cores,
        out,
        command);
  }

  /** Seeds of the runs that are compared; tuning has others. */
  List<Long> seeds() {
    return LongStream.rangeClosed(1, runs).boxed().toList();
  }

  double budgetSeconds() {
    return budget.toMillis() / 1e3;
  }

  double evaluateEverySeconds() {
    return evaluateEvery.toMillis() / 1e3;
  }
}
