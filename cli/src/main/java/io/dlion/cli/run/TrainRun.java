package io.dlion.cli.run;

import io.dlion.cli.Console;
import io.dlion.cli.Training;
import io.dlion.cli.Version;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.Links;
import io.dlion.cluster.LinkRates;
import io.dlion.cluster.LocalCluster;
import io.dlion.cluster.Member;
import io.dlion.cluster.Outcome;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Goal;
import io.dlion.core.report.ReportSink;
import io.dlion.core.wire.Control.Reason;
import io.dlion.monitor.Fanout;
import io.dlion.monitor.MetricsLog;
import io.dlion.monitor.Progress;
import io.dlion.monitor.Provenance;
import io.dlion.monitor.RunFolder;
import io.dlion.monitor.RunResult;
import io.dlion.monitor.RunStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Trains a job with a cluster in this process, from opening the data to the last line on the
 * screen.
 */
public final class TrainRun implements Training {
  /** Training examples by which the replicas are judged at the end. */
  private static final int JUDGED_EXAMPLES = 1024;

  private static final double BYTES_PER_MBIT = 125_000;

  private final ReportSink further;

  /** Tells its reports to nobody else. */
  public TrainRun() {
    this(report -> {});
  }

  private TrainRun(ReportSink further) {
    this.further = further;
  }

  @Override
  public Training telling(ReportSink further) {
    return new TrainRun(further);
  }

  @Override
  public int run(Job asked, Optional<Path> resumed, Console console)
      throws IOException, InterruptedException {
    Problem problem = Problem.open(asked);
    Job job = asked.fitted(problem.model().name(), problem.fitted(asked.settings()));
    List<Examples> shards = problem.shards(job);
    // From here on there is something on the disk, which is not to be left half made.
    try (Interruption interruption = new Interruption()) {
      return run(job, problem, shards, resumed, console, interruption);
    }
  }

  private int run(
      Job job,
      Problem problem,
      List<Examples> shards,
      Optional<Path> resumed,
      Console console,
      Interruption interruption)
      throws IOException, InterruptedException {
    Optional<Resumption> resumption = Optional.empty();
    RunFolder folder;
    if (resumed.isPresent()) {
      folder = RunFolder.open(resumed.get());
      resumption =
          Optional.of(
              Resumption.read(
                  new CheckpointFiles(folder.checkpoints()),
                  job.workerIds(),
                  problem.model(),
                  job.settings()));
      requireSomethingToDo(resumption.get(), goal(job, problem), folder);
    } else {
      folder = RunFolder.create(Path.of(job.out()), runName(job, problem), Instant.now());
      keepModelFile(job, folder);
    }
    List<String> head = new ArrayList<>(Version.current().lines());
    head.add(
        "data: " + problem.data().description() + ", fingerprint " + problem.data().fingerprint());
    folder.writeAtomically(folder.job(), job.toYaml(head));
    Finished f = train(job, problem, shards, folder, resumption, console, interruption);
    return new Summary(console, folder, job)
        .print(f.result(), f.ending(), f.outcomes(), f.metricsFailure());
  }

  /** A run that has reached its goal and left its model is not to be overwritten for nothing. */
  private static void requireSomethingToDo(Resumption from, Goal goal, RunFolder folder) {
    boolean reached = from.samples() >= goal.samples() || from.elapsedNanos() >= goal.nanos();
    if (reached && Files.exists(folder.model())) {
      throw new UserError(
          folder.path() + ": has reached its goal; to go on give a later one: --epochs or --time");
    }
  }

  /** What is left when all workers have ended and everything is written. */
  private record Finished(
      RunResult result,
      Ending ending,
      List<Outcome> outcomes,
      Optional<IOException> metricsFailure) {}

  private Finished train(
      Job job,
      Problem problem,
      List<Examples> shards,
      RunFolder folder,
      Optional<Resumption> resumption,
      Console console,
      Interruption interruption)
      throws IOException, InterruptedException {
    long elapsed = resumption.map(Resumption::elapsedNanos).orElse(0L);
    long zero = System.nanoTime() - elapsed;
    RunStatistics statistics = new RunStatistics(monitorGoal(job, problem));
    resumption.ifPresent(r ->
        r.checkpoints()
            .forEach((id, saved) -> statistics.sentBefore(id, saved.number("bytes-sent"))));
    MetricsLog metrics = MetricsLog.open(folder.metrics());
    try (metrics;
        Progress progress =
            Progress.of(
                console.terminal(),
                console.out(),
                statistics,
                title(job, problem),
                () -> System.nanoTime() - zero,
                System.getenv())) {
      progress.say(problem.data().description());
      progress.say(
          job.workers()
              + " workers, "
              + problem.model().parameters()
              + "; run folder "
              + folder.path());
      Fanout sink = Fanout.of(statistics, metrics, progress, further);
      try (LocalCluster cluster =
          start(spec(job, problem, shards, folder, resumption, elapsed, sink))) {
        interruption.then(() -> {
          progress.say("stopping: the iteration under way is finished and everything saved");
          cluster.requestStop(Reason.REQUEST);
        });
        List<Outcome> outcomes = cluster.await();
        double seconds = (System.nanoTime() - zero) / 1e9;
        Ending ending = Ending.of(outcomes);
        Map<String, @Nullable Object> extra = provenance(problem);
        Optional<FinalModel> model =
            FinalModel.of(
                outcomes, Problem.sample(problem.data().train(), JUDGED_EXAMPLES, job.seed()));
        if (model.isPresent()) {
          extra.put(
              "finalModel", save(model.get(), job, problem, folder, !interruption.requested()));
        }
        RunResult result =
            RunResult.of(
                statistics.snapshot(),
                new RunResult.Context(
                    job.preset(), job.model(), job.seed(), ending.stoppedBy(), seconds),
                extra);
        result.write(folder.result());
        metrics.flush();
        return new Finished(result, ending, outcomes, metrics.failure());
      }
    }
  }

  private static LocalCluster start(LocalCluster.Spec spec)
      throws IOException, InterruptedException {
    try {
      return LocalCluster.start(spec);
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the workers could not be started: " + e.getMessage(), e);
    }
  }

  private static LocalCluster.Spec spec(
      Job job,
      Problem problem,
      List<Examples> shards,
      RunFolder folder,
      Optional<Resumption> resumption,
      long elapsed,
      Fanout sink) {
    List<Member> members = new ArrayList<>();
    List<WorkerId> ids = job.workerIds();
    for (int k = 0; k < ids.size(); k++) {
      WorkerId id = ids.get(k);
      Optional<Checkpoint> from = resumption.map(r -> r.checkpoints().get(id));
      members.add(new Member(id, shards.get(k), job.slow().getOrDefault(id, 1.0), from));
    }
    int cores = Runtime.getRuntime().availableProcessors();
    int threads = job.threads().orElse(Math.max(1, cores / job.workers()));
    Examples test = problem.data().test();
    return new LocalCluster.Spec(
        members,
        job.settings(),
        problem.data().train().count(),
        goal(job, problem),
        job.seed(),
        rates(job.links()),
        test,
        Problem.sample(test, job.settings().smallInteger("evaluate.examples"), job.seed()),
        id -> problem.model().learner(job.seed(), threads),
        sink,
        new CheckpointFiles(folder.checkpoints()),
        elapsed);
  }

  private static LinkRates rates(Links links) {
    Map<LinkRates.Pair, Double> pairs = new HashMap<>();
    links
        .pairs()
        .forEach((link, mbit) ->
            pairs.put(new LinkRates.Pair(link.from(), link.to()), mbit * BYTES_PER_MBIT));
    return new LinkRates(
        links.defaultMbit().map(m -> m * BYTES_PER_MBIT).orElse(Double.POSITIVE_INFINITY), pairs);
  }

  private static Goal goal(Job job, Problem problem) {
    double examples = problem.data().train().count();
    return new Goal(
        job.goal().epochs().map(e -> (long) Math.ceil(e * examples)).orElse(Long.MAX_VALUE),
        job.goal().time().map(Duration::toNanos).orElse(Long.MAX_VALUE),
        job.goal().targetAccuracy().orElse(2.0));
  }

  private static io.dlion.monitor.Goal monitorGoal(Job job, Problem problem) {
    return new io.dlion.monitor.Goal(
        problem.data().train().count(),
        job.goal().epochs().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
        job.goal().time().map(t -> OptionalLong.of(t.toNanos())).orElse(OptionalLong.empty()),
        job.goal().targetAccuracy().map(OptionalDouble::of).orElse(OptionalDouble.empty()));
  }

  private static String title(Job job, Problem problem) {
    return modelName(job) + " · " + job.preset() + " · " + problem.data().name();
  }

  private static String modelName(Job job) {
    return String.valueOf(Path.of(job.model()).getFileName()).replace(".pt", "");
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

  /** A model that came as a file is kept with the run: it is needed to use what was trained. */
  private static void keepModelFile(Job job, RunFolder folder) throws IOException {
    if (job.model().endsWith(".pt")) {
      Files.copy(Path.of(job.model()), folder.path().resolve(TrainedModel.SCRIPT));
    }
  }

  private static Map<String, @Nullable Object> save(
      FinalModel model, Job job, Problem problem, RunFolder folder, boolean evaluate)
      throws IOException {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("how", model.how());
    ModelFile.write(
        folder.model(),
        job.model(),
        problem.model().shape(),
        Optional.of(problem.data().preprocessing()),
        model.learner(),
        Map.of("dlion.version", Version.current().toString(), "dlion.how", model.how()));
    if (evaluate && problem.data().test().count() > 0) {
      Evaluation evaluation = model.learner().evaluate(problem.data().test());
      entry.put("accuracy", evaluation.accuracy());
      entry.put("loss", evaluation.loss());
    }
    return entry;
  }

  private static Map<String, @Nullable Object> provenance(Problem problem) {
    Map<String, @Nullable Object> extra = new LinkedHashMap<>();
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("name", problem.data().name());
    data.put("description", problem.data().description());
    data.put("fingerprint", problem.data().fingerprint());
    extra.put("data", data);
    extra.put("parameters", problem.model().parameters().elements());
    Version version = Version.current();
    extra.put("versions", Provenance.here(version.version(), version.commit()).asMap());
    return extra;
  }
}
