package io.dlion.cli.run;

import io.dlion.cli.Console;
import io.dlion.cli.WorkerCommand.Place;
import io.dlion.cli.WorkerCommand.Working;
import io.dlion.cli.job.Job;
import io.dlion.cluster.ClusterWorker;
import io.dlion.cluster.Member;
import io.dlion.cluster.Security;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.wire.Control.Reason;
import io.dlion.data.Partition;
import io.dlion.data.Subset;
import io.dlion.monitor.RunFolder;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One worker of a cluster on a network, from opening its data to the last line on the screen. */
public final class WorkerRun implements Working {
  @Override
  public int run(Job asked, Place place, Console console) throws IOException, InterruptedException {
    Problem problem = Problem.open(asked);
    Job job = asked.fitted(problem.model().name(), problem.fitted(asked.settings()));
    Examples shard = shard(job, problem, place);
    Optional<RunFolder> before = Optional.empty();
    Optional<Resumption> resumption = Optional.empty();
    if (place.resumed().isPresent()) {
      RunFolder folder = RunFolder.open(place.resumed().get());
      before = Optional.of(folder);
      resumption =
          Optional.of(
              Resumption.read(
                  new CheckpointFiles(folder.checkpoints()),
                  List.of(place.name()),
                  problem.model(),
                  job.settings()));
    }
    Optional<Checkpoint> from = resumption.map(r -> r.checkpoints().get(place.name()));
    long elapsed = resumption.map(Resumption::elapsedNanos).orElse(0L);
    try (Interruption interruption = new Interruption();
        ClusterWorker worker =
            join(config(job, problem, place, shard.count(), from, elapsed), console)) {
      interruption.then(() -> worker.requestStop(Reason.REQUEST));
      if (!worker.gather()) {
        console.out().println("stopped before training began");
        return 0;
      }
      RunFolder folder =
          before.isPresent() ? before.get() : Session.newFolder(job, problem, console);
      Session session =
          new Session(
              job,
              problem,
              worker.trainingExamples(),
              folder,
              resumption,
              console,
              interruption,
              place.command(),
              place.further());
      int threads = job.threads().orElse(Runtime.getRuntime().availableProcessors());
      return session.train(
          worker.elapsedNanos(),
          worker.description(),
          sink -> {
            start(
                worker,
                new Member(place.name(), shard, place.handicap(), from),
                session,
                threads,
                sink);
            return worker;
          });
    }
  }

  private static void start(
      ClusterWorker worker,
      Member member,
      Session session,
      int threads,
      io.dlion.core.report.ReportSink sink)
      throws IOException, InterruptedException {
    try {
      worker.start(member, session.runSpec(threads, sink));
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the worker could not be started: " + e.getMessage(), e);
    }
  }

  private static ClusterWorker join(ClusterWorker.Config config, Console console)
      throws IOException, InterruptedException {
    try {
      return ClusterWorker.join(
          config,
          line -> {
            console.out().println(line);
            console.out().flush();
          });
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the worker could not join the others: " + e.getMessage(), e);
    }
  }

  private static Examples shard(Job job, Problem problem, Place place) {
    Examples all = problem.data().train();
    if (place.shards() == 1) {
      return all;
    }
    double[] equal = new double[place.shards()];
    Arrays.fill(equal, 1);
    int[] rows =
        Partition.parse(job.partition()).divide(all, equal, job.seed()).get(place.shard() - 1);
    if (rows.length == 0) {
      throw new UserError(
          Phrase.of("--shard %d/%d: there is nothing in it", place.shard(), place.shards()));
    }
    return new Subset(all, rows);
  }

  private static ClusterWorker.Config config(
      Job job,
      Problem problem,
      Place place,
      long examples,
      Optional<Checkpoint> from,
      long elapsed) {
    return new ClusterWorker.Config(
        place.name(),
        place.site(),
        place.bind(),
        place.seeds(),
        place.credentials().map(Security::of),
        job.minWorkers().orElse(job.workers()),
        job.name().orElse("unnamed"),
        CommonGround.of(job, problem),
        examples,
        from.map(Checkpoint::iteration).orElse(0L),
        elapsed);
  }
}
