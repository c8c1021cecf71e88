package io.dlion.cli.run;

import io.dlion.cli.job.Durations;
import io.dlion.cli.job.Job;
import io.dlion.cli.problem.Problem;
import io.dlion.core.Phrase;
import io.dlion.core.learn.Examples;
import io.dlion.core.settings.Goal;
import io.dlion.monitor.statistics.RunGoal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What is to be trained.
 *
 * @param job as it was asked for
 * @param problem its data and model
 * @param trainingExamples D, over all workers
 */
record Assignment(Job job, Problem problem, long trainingExamples) {
  /** Training examples by which the replicas are judged at the end. */
  private static final int JUDGED_EXAMPLES = 1024;

  /** When nodes end. */
  Goal goal() {
    double examples = trainingExamples;
    return new Goal(
        job.goal().epochs().map(e -> (long) Math.ceil(e * examples)).orElse(Long.MAX_VALUE),
        job.goal().time().map(Duration::toNanos).orElse(Long.MAX_VALUE),
        job.goal().targetAccuracy().orElse(2.0),
        job.goal().patience().orElse(0));
  }

  /** The same, as progress is measured by it. */
  RunGoal runGoal() {
    return new RunGoal(
        trainingExamples,
        job.goal().epochs().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
        job.goal().time().map(t -> OptionalLong.of(t.toNanos())).orElse(OptionalLong.empty()),
        job.goal().targetAccuracy().map(OptionalDouble::of).orElse(OptionalDouble.empty()));
  }

  /** What the replicas are judged by at the end. */
  Examples judges() {
    return Problem.sample(problem.data().train(), JUDGED_EXAMPLES, job.seed());
  }

  /** What evaluations during training use. */
  Examples testSample() {
    return Problem.sample(
        problem.data().test(), job.settings().smallInteger("evaluate.examples"), job.seed());
  }

  /**
   * One line for people: with what a run goes on that is given new data, and until when.
   *
   * @param samplesBefore that it has learned from so far
   */
  String goesOn(long samplesBefore) {
    List<String> until = new ArrayList<>();
    String examples = Phrase.of("%,d examples", trainingExamples);
    until.add(job.goal().epochs().map(n -> epochs(n) + " of " + examples).orElse(examples));
    job.goal().time().ifPresent(time -> until.add("at most " + Durations.text(time)));
    job.goal()
        .targetAccuracy()
        .ifPresent(accuracy -> until.add(Phrase.of("up to %.1f %% accuracy", 100 * accuracy)));
    return Phrase.of(
        "goes on from %,d samples with new data: %s", samplesBefore, String.join(", ", until));
  }

  private static String epochs(double n) {
    String number = n == Math.rint(n) ? Phrase.of("%,.0f", n) : Double.toString(n);
    return number + (n == 1 ? " epoch" : " epochs");
  }

  /** One line for people. */
  String title() {
    return modelName(job) + " · " + job.preset() + " · " + problem.data().name();
  }

  /** The name of a new run. */
  static String runName(Job job, Problem problem) {
    return job.name()
        .orElse(
            problem.data().name().replace("generated:", "")
                + "-"
                + modelName(job)
                + "-"
                + job.preset());
  }

  private static String modelName(Job job) {
    String file = String.valueOf(Path.of(job.model()).getFileName());
    return file.replaceFirst("(?<=.)[.][^.]*$", "");
  }
}
