package io.dlion.cli.run;

import io.dlion.cli.checkpoint.CheckpointFiles;
import io.dlion.cli.checkpoint.Resumption;
import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.LinkSpeeds;
import io.dlion.cli.job.ServerName;
import io.dlion.cli.problem.Problem;
import io.dlion.cli.stream.WorkerStreams;
import io.dlion.cluster.local.LinkRates;
import io.dlion.cluster.local.LocalCluster;
import io.dlion.cluster.worker.Handicap;
import io.dlion.cluster.worker.Member;
import io.dlion.cluster.worker.RunSpec;
import io.dlion.cluster.worker.StreamSpec;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Examples;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.ReportSink;
import io.dlion.monitor.prometheus.WorkerMetrics;
import io.dlion.monitor.run.RunFolder;
import io.dlion.stream.Deal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a job with a cluster in this process, from opening the data to the last line on the
 * screen.
 */
public final class TrainRun implements Training {
  private static final double BYTES_PER_MBIT = 125_000;

  private final Optional<WorkerMetrics> served;
  private final List<String> command;
  private final boolean onNewData;

  /** Serves no metrics. */
  public TrainRun() {
    this(Optional.empty(), List.of("train"), false);
  }

  private TrainRun(Optional<WorkerMetrics> served, List<String> command, boolean onNewData) {
    this.served = served;
    this.command = command;
    this.onNewData = onNewData;
  }

  @Override
  public Training telling(WorkerMetrics metrics) {
    return new TrainRun(Optional.of(metrics), command, onNewData);
  }

  @Override
  public Training typed(List<String> command) {
    return new TrainRun(served, command, onNewData);
  }

  @Override
  public Training onNewData() {
    return new TrainRun(served, command, true);
  }

  @Override
  public int run(Job asked, Optional<Path> resumed, Console console)
      throws IOException, InterruptedException {
    Optional<RunFolder> before = resumed.map(RunFolder::open);
    Problem problem =
        before.isPresent()
            ? Problem.of(asked, new RunData(before.get()).open(asked), before)
            : Problem.open(asked);
    Job job = asked.fitted(problem.model().name(), problem.fitted(asked.settings()));
    WorkerStreams.requireEffects(job);
    if (!job.hours().spans().isEmpty()) {
      console
          .err()
          .println(
              "warning: hours "
                  + job.hours()
                  + ": kept by dlion worker; dlion train trains at any hour");
    }
    if (before.isEmpty()) {
      learners(job).forEach(worker -> WorkerStreams.requireFolder(job, worker));
    }
    List<Examples> shards = problem.shards(job);
    // From here on there is something on the disk, which is not to be left half made.
    try (Interruption interruption = new Interruption()) {
      return run(job, problem, shards, before, console, interruption);
    }
  }

  private int run(
      Job job,
      Problem problem,
      List<Examples> shards,
      Optional<RunFolder> before,
      Console console,
      Interruption interruption)
      throws IOException, InterruptedException {
    Optional<Resumption> resumption = Optional.empty();
    RunFolder folder;
    if (before.isPresent()) {
      folder = before.get();
      resumption = Optional.of(resumption(job, problem, folder));
    } else {
      folder = Session.newFolder(job, problem, console);
    }
    boolean goesOn = resumption.isPresent();
    served.ifPresent(metrics -> metrics.expect(Session.expected(job, job.workers(), goesOn)));
    Session session =
        new Session(
            new Assignment(
                job,
                problem,
                problem.data().train().count() + WorkerStreams.kept(job, learners(job).size())),
            folder,
            resumption,
            new Audience(console, interruption, command, served));
    long elapsed = resumption.map(Resumption::elapsedNanos).orElse(0L);
    return session.train(
        elapsed,
        job.workers() + " workers",
        sink -> {
          session.saveNewBeginning();
          return start(spec(session, shards, elapsed, sink));
        });
  }

  private Resumption resumption(Job job, Problem problem, RunFolder folder) throws IOException {
    return onNewData
        ? Resumption.onNewData(folder, job.workerIds(), problem.model(), job.settings())
        : Resumption.read(
            new CheckpointFiles(folder.checkpoints()),
            job.workerIds(),
            problem.model(),
            job.settings());
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
      Session session, List<Examples> shards, long elapsed, ReportSink sink) throws IOException {
    Job job = session.what().job();
    List<Member> members = new ArrayList<>();
    List<WorkerId> ids = job.workerIds();
    for (int k = 0; k < ids.size(); k++) {
      WorkerId id = ids.get(k);
      Optional<Checkpoint> from = session.resumption().map(r -> r.checkpoints().get(id));
      members.add(
          new Member(
              id,
              shards.get(k),
              Handicap.times(job.slow().getOrDefault(id, 1.0)),
              from,
              stream(session, id)));
    }
    int cores = Runtime.getRuntime().availableProcessors();
    RunSpec spec = session.runSpec(job.threads().orElse(Math.max(1, cores / job.workers())), sink);
    return new LocalCluster.Spec(
        members, spec, session.what().trainingExamples(), rates(job.links()), elapsed);
  }

  /** The stream of a worker, whose records are dealt out where all read one source. */
  private static Optional<StreamSpec> stream(Session session, WorkerId id) throws IOException {
    Job job = session.what().job();
    List<WorkerId> learners = learners(job);
    int share = learners.indexOf(id);
    return share < 0
        ? Optional.empty()
        : WorkerStreams.of(
            job,
            session.what().problem().data(),
            session.folder(),
            id,
            new Deal(share, learners.size()),
            session.resumption().isPresent());
  }

  /** The workers that train: all but one that is only to serve. */
  private static List<WorkerId> learners(Job job) {
    Optional<WorkerId> server = ServerName.dedicated(job);
    return job.workerIds().stream().filter(id -> !server.equals(Optional.of(id))).toList();
  }

  private static LinkRates rates(LinkSpeeds links) {
    Map<LinkRates.Pair, Double> pairs = new HashMap<>();
    links
        .pairs()
        .forEach((link, mbit) ->
            pairs.put(new LinkRates.Pair(link.from(), link.to()), mbit * BYTES_PER_MBIT));
    return new LinkRates(
        links.defaultMbit().map(m -> m * BYTES_PER_MBIT).orElse(Double.POSITIVE_INFINITY), pairs);
  }
}
