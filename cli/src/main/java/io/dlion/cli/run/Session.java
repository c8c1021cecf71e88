package io.dlion.cli.run;

import io.dlion.cli.checkpoint.CheckpointFiles;
import io.dlion.cli.checkpoint.ModelFile;
import io.dlion.cli.checkpoint.Resumption;
import io.dlion.cli.console.Console;
import io.dlion.cli.console.Version;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.KeepModel;
import io.dlion.cli.job.ServerName;
import io.dlion.cli.job.SourceModel;
import io.dlion.cli.problem.Problem;
import io.dlion.cluster.worker.Fleet;
import io.dlion.cluster.worker.RunSpec;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Learner;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.ReportSink;
import io.dlion.core.settings.FewExamples;
import io.dlion.core.settings.Goal;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import io.dlion.data.DataSet;
import io.dlion.engine.ModelSpec;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job being trained by the workers that live in this process, whether they are all or one of
 * many: from a run folder to the last line on the screen.
 *
 * @param what is to be trained
 * @param folder where everything is left
 * @param resumption where the run goes on; empty for a new one
 * @param audience who follows it
 */
record Session(
    Assignment what, RunFolder folder, Optional<Resumption> resumption, Audience audience) {
  /** Starts the workers, whose reports go to the sink. */
  interface Starter {
    Fleet start(ReportSink sink) throws IOException, InterruptedException;
  }

  /** A folder for a new run. */
  static RunFolder newFolder(Job job, Problem problem, Console console) throws IOException {
    return RunFolder.create(
        Path.of(job.out()),
        Assignment.runName(job, problem),
        Instant.now(),
        console.err()::println);
  }

  private Job job() {
    return what.job();
  }

  private Problem problem() {
    return what.problem();
  }

  /**
   * Trains to the end, or until all workers rest; then no model is made yet.
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
    try (RunLock _ = RunLock.take(made, audience.console().err()::println)) {
      return trainAlone(elapsed, crew, starter);
    }
  }

  private int trainAlone(long elapsed, String crew, Starter starter)
      throws IOException, InterruptedException {
    DataSet data = problem().data();
    List<String> head = new ArrayList<>(Version.current().lines());
    head.add("data: " + data.description() + ", fingerprint " + data.fingerprint());
    head.add("go on with: " + Summary.goingOn(audience.command(), folder)); // also after a crash
    new RunData(folder).keep(data.preprocessing());
    folder.writeAtomically(folder.job(), job().toYaml(head));
    if (!Files.exists(SourceModel.in(folder))) {
      problem().model().keep(SourceModel.in(folder));
    }
    return run(elapsed, crew, starter).map(this::tell).orElse(0);
  }

  private int tell(Finished f) {
    return new Summary(
            audience.console(), folder, job(), problem().model().shape().kind(), audience.command())
        .print(f.result(), f.saved(), f.ending(), f.outcomes(), f.metricsFailure(), f.kept());
  }

  /** What the workers are to do. */
  RunSpec runSpec(int threads, ReportSink sink) {
    ModelSpec model = problem().model();
    DataSet data = problem().data();
    long seed = job().seed();
    return new RunSpec(
        new RunSpec.Task(Strategy.of(job().settings()), what.goal(), seed),
        new RunSpec.Tests(data.test(), what.testSample()),
        id -> model.learner(seed, threads),
        sink,
        checkpointFiles(),
        job().keepModel() == KeepModel.BEST && job().stream().isEmpty());
  }

  private CheckpointFiles checkpointFiles() {
    Map<String, String> about =
        new LinkedHashMap<>(
            ModelFile.about(
                job().model(),
                problem().model().shape(),
                Optional.of(problem().data().preprocessing())));
    if (samplesBefore() > 0) {
      about.put(CheckpointFiles.SAMPLES_BEFORE, Long.toString(samplesBefore()));
    }
    return new CheckpointFiles(folder.checkpoints(), about);
  }

  private long samplesBefore() {
    return resumption.map(Resumption::samplesBefore).orElse(0L);
  }

  /**
   * Where the run begins anew with new data, saves this beginning, so that it goes on from there
   * whenever it is killed.
   */
  void saveNewBeginning() throws IOException {
    if (resumption.filter(Resumption::onNewData).isPresent()) {
      for (Checkpoint beginning : resumption.get().checkpoints().values()) {
        checkpointFiles().save(beginning);
      }
    }
  }

  /** A run that has reached its goal and left its model is not to be overwritten for nothing. */
  private void requireSomethingToDo(Resumption from) {
    Goal goal = what.goal();
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

  /**
   * What metrics should know of a run before it begins.
   *
   * @param minWorkers with which it begins
   * @param resumed whether it goes on
   */
  static WorkerMetrics.Expected expected(Job job, int minWorkers, boolean resumed) {
    return new WorkerMetrics.Expected(
        minWorkers, ServerName.hasServer(job.settings()), job.stream().isPresent() && !resumed);
  }

  /** What is left when all workers have ended and everything is written. */
  private record Finished(
      RunResult result,
      Optional<Evaluation> saved,
      RunEnding ending,
      List<WorkerOutcome> outcomes,
      Optional<IOException> metricsFailure,
      Optional<String> kept) {}

  /** Empty where the workers rest. */
  private Optional<Finished> run(long elapsed, String crew, Starter starter)
      throws IOException, InterruptedException {
    long zero = System.nanoTime() - elapsed;
    Console console = audience.console();
    RunStatistics statistics = new RunStatistics(what.runGoal());
    resumption.ifPresent(
        r -> r.checkpoints().forEach((id, saved) -> before(id, saved, statistics)));
    MetricsLog metrics = MetricsLog.open(folder.metrics());
    try (metrics;
        Progress progress =
            Progress.of(
                console.terminal(),
                console.out(),
                statistics,
                what.title(),
                () -> System.nanoTime() - zero,
                System.getenv())) {
      metrics.whenFailed(
          e -> progress.say("warning: metrics are lost, training goes on: " + e.getMessage()));
      progress.say(problem().data().description());
      progress.say(crew + ", " + problem().model().parameters() + "; run folder " + folder.path());
      if (resumption.filter(Resumption::onNewData).isPresent()) {
        progress.say(what.goesOn(samplesBefore()));
      }
      FewExamples.news(what.trainingExamples()).ifPresent(progress::say);
      ReportSink shown = new UntilStopped(progress, audience.interruption()::requested);
      Optional<WorkerMetrics> served = audience.served();
      Fanout sink =
          Fanout.of(statistics, metrics, shown, served.<ReportSink>map(m -> m).orElse(r -> {}));
      try (Fleet cluster = starter.start(sink)) {
        served.ifPresent(m -> m.watch(cluster::peers));
        served.ifPresent(m -> m.training(true));
        stopWhenAsked(cluster, progress);
        List<WorkerOutcome> outcomes = cluster.await();
        served.ifPresent(m -> m.training(false));
        if (outcomes.stream().allMatch(o -> o.reason() == Reason.PAUSED)) {
          return Optional.empty();
        }
        double seconds = (System.nanoTime() - zero) / 1e9;
        return Optional.of(finish(cluster, outcomes, seconds, statistics, metrics, progress));
      }
    }
  }

  /** What a worker had done when the checkpoint was made. */
  private void before(WorkerId id, Checkpoint saved, RunStatistics statistics) {
    statistics.sentBefore(id, saved.number("bytes-sent"));
    audience.served().ifPresent(m -> m.resumed(id, saved.number("samples")));
  }

  private void stopWhenAsked(Fleet cluster, Progress progress) {
    audience
        .interruption()
        .then(() -> {
          progress.say("stopping: the iteration under way is finished and everything saved");
          cluster.requestStop(Reason.REQUEST);
        });
  }

  /** Makes and saves the model, and writes the result. */
  private Finished finish(
      Fleet cluster,
      List<WorkerOutcome> outcomes,
      double seconds,
      RunStatistics statistics,
      MetricsLog metrics,
      Progress progress)
      throws IOException, InterruptedException {
    RunEnding ending = RunEnding.of(outcomes);
    Map<String, @Nullable Object> extra = provenance();
    Optional<Learner> replica =
        outcomes.stream().flatMap(o -> o.soundReplica().stream()).findFirst();
    Optional<SavedModel> model = Optional.empty();
    if (replica.isPresent()) {
      progress.say("making one model of what the workers have, and evaluating it");
      SavedModel made =
          SavedModel.make(what, folder, cluster, outcomes, replica.get(), audience.interruption());
      extra.put("finalModel", made.entry());
      model = Optional.of(made);
    }
    ResidentMemory.peakBytes().ifPresent(bytes -> extra.put("peakResidentBytes", bytes));
    RunResult ofWorkers =
        RunResult.of(
            statistics.snapshot(),
            new RunResult.Context(
                job().preset(), job().model(), job().seed(), ending.stoppedBy(), seconds),
            extra);
    RunResult result =
        hasServer()
            ? model.flatMap(SavedModel::evaluation).map(ofWorkers::judgedBy).orElse(ofWorkers)
            : ofWorkers;
    result.write(folder.result());
    metrics.flush();
    return new Finished(
        result,
        model.flatMap(SavedModel::evaluation),
        ending,
        outcomes,
        metrics.failure(),
        model.flatMap(SavedModel::news));
  }

  private boolean hasServer() {
    return ServerName.hasServer(job().settings());
  }

  private Map<String, @Nullable Object> provenance() {
    Map<String, @Nullable Object> extra = new LinkedHashMap<>();
    extra.put(
        "accuracyOf",
        hasServer()
            ? "the model of the run, which is the server's; that of a worker is its own replica's"
            : "the replicas of the workers of this process, their mean");
    Map<String, @Nullable Object> data = new LinkedHashMap<>(problem().data().recognised().asMap());
    data.put("fingerprint", problem().data().fingerprint());
    extra.put("data", data);
    if (samplesBefore() > 0) {
      extra.put("samplesBefore", samplesBefore());
    }
    extra.put("parameters", problem().model().parameters().elements());
    Version version = Version.current();
    extra.put("versions", Provenance.here(version.version(), version.commit()).asMap());
    return extra;
  }
}
