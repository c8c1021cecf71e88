package io.dlion.cli.tune;

import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.cli.job.Job;
import io.dlion.cli.problem.Problem;
import io.dlion.emulator.environment.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What somebody wants tuned.
 *
 * @param environments where
 * @param methods what
 * @param fixed keys of each method, by its name, that are not tuned
 * @param job data and model; its workers and goal are not looked at
 * @param trials candidates of each method
 * @param time virtual time of the longest trials
 * @param target accuracy to reach, if any
 * @param evaluateEvery virtual time between two evaluations
 * @param seed of what is drawn
 * @param cores to use
 * @param out the folder that trials and results are kept in
 * @param command what was typed, for the results
 */
public record TuneRequest(
    List<Environment> environments,
    List<ComparedMethod> methods,
    Map<String, Set<String>> fixed,
    Job job,
    int trials,
    Duration time,
    OptionalDouble target,
    Duration evaluateEvery,
    int seed,
    int cores,
    Path out,
    String command) {
  /** Seeds of trials begin here: comparisons have small ones. */
  static final long SEEDS_FROM = 1_000_000;

  /** Copies lists and maps. */
  public TuneRequest {
    environments = List.copyOf(environments);
    methods = List.copyOf(methods);
    fixed = Map.copyOf(fixed);
  }

  /** The seed of all trials of a rung. */
  long seedOf(int rung) {
    return SEEDS_FROM * seed + rung + 1;
  }

  /** The same, with what was left open filled in for a model and its data. */
  public TuneRequest fittedTo(Problem problem) {
    return new TuneRequest(
        environments,
        methods.stream().map(method -> method.fittedTo(problem)).toList(),
        fixed,
        job.fitted(problem.model().name(), problem.fitted(job.settings())),
        trials,
        time,
        target,
        evaluateEvery,
        seed,
        cores,
        out,
        command);
  }
}
