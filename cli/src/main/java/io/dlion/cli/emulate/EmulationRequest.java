package io.dlion.cli.emulate;

import io.dlion.cli.job.Job;
import io.dlion.cli.problem.Problem;
import io.dlion.emulator.environment.Adjustments;
import io.dlion.emulator.environment.Environment;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What somebody wants compared.
 *
 * @param environments where
 * @param adjustments what is different there from what the environments say
 * @param variants what
 * @param tuned what they are in environments that they were tuned for
 * @param job data and model; its workers and goal are not looked at
 * @param seeds of the runs of each variant
 * @param budget virtual time of a run
 * @param target accuracy to reach, if any
 * @param evaluateEvery virtual time between two evaluations
 * @param validation whether accuracy is measured on held-out training data
 * @param ideal whether to compare with the ideal bound
 * @param cores to use
 * @param csv whether to write the figures as CSV too
 * @param command what was typed, for the report
 */
record EmulationRequest(
    List<Environment> environments,
    Adjustments adjustments,
    List<ComparedMethod> variants,
    TunedMethods tuned,
    Job job,
    List<Long> seeds,
    Duration budget,
    OptionalDouble target,
    Duration evaluateEvery,
    boolean validation,
    boolean ideal,
    int cores,
    boolean csv,
    String command) {
  EmulationRequest {
    environments = List.copyOf(environments);
    variants = List.copyOf(variants);
    seeds = List.copyOf(seeds);
  }

  /** What is compared in an environment. */
  List<ComparedMethod> variants(Environment environment) {
    return tuned.in(environment.name()).orElse(variants);
  }

  /** The same, with what was left open filled in for a model and its data. */
  EmulationRequest fittedTo(Problem problem) {
    return new EmulationRequest(
        environments,
        adjustments,
        variants.stream().map(v -> v.fittedTo(problem)).toList(),
        tuned.fittedTo(problem),
        job.fitted(problem.model().name(), problem.fitted(job.settings())),
        seeds,
        budget,
        target,
        evaluateEvery,
        validation,
        ideal,
        cores,
        csv,
        command);
  }
}
