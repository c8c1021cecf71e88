package io.dlion.cli.run;

import io.dlion.cli.checkpoint.CheckpointFiles;
import io.dlion.cli.checkpoint.ModelFile;
import io.dlion.cli.checkpoint.Resumption;
import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.console.Version;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.KeepModel;
import io.dlion.cli.job.SourceModel;
import io.dlion.cli.problem.Problem;
import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.worker.Fleet;
import io.dlion.cluster.worker.RunSpec;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.UserError;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.node.Goal;
import io.dlion.core.report.ReportSink;
import io.dlion.core.settings.FewExamples;
import io.dlion.core.wire.Control.Reason;
import io.dlion.monitor.Fanout;
import io.dlion.monitor.ResidentMemory;
import io.dlion.monitor.log.MetricsLog;
import io.dlion.monitor.prometheus.WorkerMetrics;
import io.dlion.monitor.run.Provenance;
import io.dlion.monitor.run.RunFolder;
import io.dlion.monitor.run.RunLock;
import io.dlion.monitor.run.RunResult;
import io.dlion.monitor.statistics.RunStatistics;
import io.dlion.monitor.view.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A job being trained by the workers that live in this process, whether they are all or one of
 * many: from a run folder to the last line on the screen.
 *
 * @param trainingExamples D, over all workers
 * @param folder where everything is left
 * @param resumption where the run goes on; empty for a new one
 * @param command the command whose {@code --resume} goes on with the run, and its other options
 * @param served tells of the run while it lasts; empty where nobody asked for that
 */
record Session(
    Job job,
    Problem problem,
    long trainingExamples,
    RunFolder folder,
    Optional<Resumption> resumption,
    Console console,
    Interruption interruption,
    List<String> command,
    Optional<WorkerMetrics> served) {
  /** Training examples by which the replicas are judged at the end. */
  private static final int JUDGED_EXAMPLES = 1024;

  /** Starts the workers, whose reports go to the sink. */
  interface Starter {
    Fleet start(ReportSink sink) throws IOException, InterruptedException;
  }

  /** A folder for a new run. */
  static RunFolder newFolder(Job job, Problem problem, Console console) throws IOException {
    return RunFolder.create(
        Path.of(job.out()), runName(job, problem), Instant.now(), console.err()::println);
  }

  /**
   * Trains to the end.
   *
   * @param elapsed time the run has taken, in nanoseconds
   * @param crew who trains, for people
   * @return the exit code
   */
  int train(long elapsed, String crew, Starter starter) throws IOException, InterruptedException {
    if (resumption.isPresent()) {
      requireSomethingToDo(resumption.get());
    }
    // A run that goes on was locked before its checkpoints were read.
    Optional<RunFolder> made = resumption.isPresent() ? Optional.empty() : Optional.of(folder);
    try (RunLock _ = RunLock.take(made, console.err()::println)) {
      return trainAlone(elapsed, crew, starter);
    }
  }

  private int trainAlone(long elapsed, String crew, Starter starter)
      throws IOException, InterruptedException {
    List<String> head = new ArrayList<>(Version.current().lines());
    head.add(
        "data: " + problem.data().description() + ", fingerprint " + problem.data().fingerprint());
    head.add("go on with: " + Summary.goingOn(command, folder)); // also after a crash
    new RunData(folder).keep(problem.data().preprocessing());
    folder.writeAtomically(folder.job(), job.toYaml(head));
    if (!Files.exists(SourceModel.in(folder))) {
      problem.model().keep(SourceModel.in(folder));
    }
    Finished f = run(elapsed, crew, starter);
    return new Summary(console, folder, job, problem.model().shape().kind(), command)
        .print(f.result(), f.saved(), f.ending(), f.outcomes(), f.metricsFailure(), f.kept());
  }

  /** What the workers are to do. */
  RunSpec runSpec(int threads, ReportSink sink) {
    Examples test = problem.data().test();
    return new RunSpec(
        job.settings(),
        goal(),
        job.seed(),
        test,
        testSample(),
        id -> problem.model().learner(job.seed(), threads),
        sink,
        new CheckpointFiles(
            folder.checkpoints(),
            ModelFile.about(
                job.model(), problem.model().shape(), Optional.of(problem.data().preprocessing()))),
        job.keepModel() == KeepModel.BEST);
  }

  /** A run that has reached its goal and left its model is not to be overwritten for nothing. */
  private void requireSomethingToDo(Resumption from) {
    Goal goal = goal();
    boolean reached =
        from.samples() >= goal.samples()
            || from.elapsedNanos() >= goal.nanos()
            || (goal.patience() > 0 && from.evaluationsWithoutBetter() >= goal.patience());
    if (reached && Files.exists(folder.model())) {
      throw new UserError(
          folder.path()
              + ": has reached its goal; to go on give a later one: --epochs, --time or --patience");
    }
  }

  /** What is left when all workers have ended and everything is written. */
  private record Finished(
      RunResult result,
      Optional<Evaluation> saved,
      RunEnding ending,
      List<WorkerOutcome> outcomes,
      Optional<IOException> metricsFailure,
      Optional<String> kept) {}

  private Finished run(long elapsed, String crew, Starter starter)
      throws IOException, InterruptedException {
    long zero = System.nanoTime() - elapsed;
    RunStatistics statistics = new RunStatistics(monitorGoal());
    resumption.ifPresent(r ->
        r.checkpoints()
            .forEach((id, saved) -> {
              statistics.sentBefore(id, saved.number("bytes-sent"));
              served.ifPresent(m -> m.resumed(id, saved.number("samples")));
            }));
    MetricsLog metrics = MetricsLog.open(folder.metrics());
    try (metrics;
        Progress progress =
            Progress.of(
                console.terminal(),
                console.out(),
                statistics,
                title(),
                () -> System.nanoTime() - zero,
                System.getenv())) {
      metrics.whenFailed(
          e -> progress.say("warning: metrics are lost, training goes on: " + e.getMessage()));
      progress.say(problem.data().description());
      progress.say(crew + ", " + problem.model().parameters() + "; run folder " + folder.path());
      FewExamples.news(trainingExamples).ifPresent(progress::say);
      ReportSink shown = new UntilStopped(progress, interruption::requested);
      Fanout sink =
          Fanout.of(statistics, metrics, shown, served.<ReportSink>map(m -> m).orElse(r -> {}));
      try (Fleet cluster = starter.start(sink)) {
        served.ifPresent(m -> m.watch(cluster::peers));
        interruption.then(() -> {
          progress.say("stopping: the iteration under way is finished and everything saved");
          cluster.requestStop(Reason.REQUEST);
        });
        List<WorkerOutcome> outcomes = cluster.await();
        double seconds = (System.nanoTime() - zero) / 1e9;
        RunEnding ending = RunEnding.of(outcomes);
        Map<String, @Nullable Object> extra = provenance();
        Optional<String> kept = Optional.empty();
        Optional<Learner> replica =
            outcomes.stream().flatMap(o -> o.soundReplica().stream()).findFirst();
        Optional<Evaluation> saved = Optional.empty();
        if (replica.isPresent()) {
          progress.say("making one model of what the workers have, and evaluating it");
          ModelChoice choice = choice(outcomes);
          Agreement agreement = cluster.agree(new FinalModel(replica.get(), judges(), choice));
          save(agreement, replica.get());
          saved = evaluated(replica.get(), choice);
          extra.put("finalModel", described(agreement, saved, choice));
          kept = choice.news(problem.model().shape().kind());
        }
        ResidentMemory.peakBytes().ifPresent(bytes -> extra.put("peakResidentBytes", bytes));
        RunResult result =
            RunResult.of(
                statistics.snapshot(),
                new RunResult.Context(
                    job.preset(), job.model(), job.seed(), ending.stoppedBy(), seconds),
                extra);
        result.write(folder.result());
        metrics.flush();
        return new Finished(result, saved, ending, outcomes, metrics.failure(), kept);
      }
    }
  }

  private Goal goal() {
    double examples = trainingExamples;
    return new Goal(
        job.goal().epochs().map(e -> (long) Math.ceil(e * examples)).orElse(Long.MAX_VALUE),
        job.goal().time().map(Duration::toNanos).orElse(Long.MAX_VALUE),
        job.goal().targetAccuracy().orElse(2.0),
        job.goal().patience().orElse(0));
  }

  private io.dlion.monitor.statistics.RunGoal monitorGoal() {
    return new io.dlion.monitor.statistics.RunGoal(
        trainingExamples,
        job.goal().epochs().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
        job.goal().time().map(t -> OptionalLong.of(t.toNanos())).orElse(OptionalLong.empty()),
        job.goal().targetAccuracy().map(OptionalDouble::of).orElse(OptionalDouble.empty()));
  }

  private String title() {
    return modelName(job) + " · " + job.preset() + " · " + problem.data().name();
  }

  private static String modelName(Job job) {
    String file = String.valueOf(Path.of(job.model()).getFileName());
    return file.replaceFirst("(?<=.)[.][^.]*$", "");
  }

  private static String runName(Job job, Problem problem) {
    return job.name()
        .orElse(
            problem.data().name().replace("generated:", "")
                + "-"
                + modelName(job)
                + "-"
                + job.preset());
  }

  /** What the replicas are judged by at the end. */
  private Examples judges() {
    return Problem.sample(problem.data().train(), JUDGED_EXAMPLES, job.seed());
  }

  /** What evaluations during training use. */
  private Examples testSample() {
    return Problem.sample(
        problem.data().test(), job.settings().smallInteger("evaluate.examples"), job.seed());
  }

  /** Judges by the whole test set, unless somebody waits for the end. */
  private ModelChoice choice(List<WorkerOutcome> outcomes) {
    Examples judges = interruption.requested() ? testSample() : problem.data().test();
    return new ModelChoice(outcomes, judges, trainingExamples);
  }

  private void save(Agreement model, Learner learner) throws IOException {
    ModelFile.write(
        folder.model(),
        problem.model(),
        Optional.of(problem.data().preprocessing()),
        learner,
        Map.of(
            "dlion.version",
            Version.current().toString(),
            "dlion.how",
            model.how(),
            ModelFile.SAVED,
            Instant.now().toString()));
  }

  /** How good the saved model is; somebody who has asked to stop does not wait for that. */
  private Optional<Evaluation> evaluated(Learner saved, ModelChoice choice) {
    Examples test = problem.data().test();
    return interruption.requested() || test.count() == 0
        ? Optional.empty()
        : Optional.of(choice.ofKept().orElseGet(() -> saved.evaluate(test)));
  }

  private static Map<String, @Nullable Object> described(
      Agreement model, Optional<Evaluation> saved, ModelChoice choice) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("how", model.how());
    model.madeBy().ifPresent(maker -> entry.put("madeBy", maker.name()));
    saved.ifPresent(evaluation -> {
      entry.put("accuracyOf", "the saved model, on the test set");
      entry.put("accuracy", evaluation.accuracy());
      entry.put("loss", evaluation.loss());
    });
    entry.putAll(choice.entry());
    return entry;
  }

  private Map<String, @Nullable Object> provenance() {
    Map<String, @Nullable Object> extra = new LinkedHashMap<>();
    extra.put("accuracyOf", "the replicas of the workers of this process, their mean");
    Map<String, @Nullable Object> data = new LinkedHashMap<>(problem.data().recognised().asMap());
    data.put("fingerprint", problem.data().fingerprint());
    extra.put("data", data);
    extra.put("parameters", problem.model().parameters().elements());
    Version version = Version.current();
    extra.put("versions", Provenance.here(version.version(), version.commit()).asMap());
    return extra;
  }
}
