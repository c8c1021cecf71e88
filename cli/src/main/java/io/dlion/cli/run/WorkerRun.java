package io.dlion.cli.run;

import io.dlion.cli.checkpoint.Resumption;
import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.job.Job;
import io.dlion.cli.problem.Problem;
import io.dlion.cli.stream.WorkerStreams;
import io.dlion.cluster.ClusterWorker;
import io.dlion.cluster.WorkerConfig;
import io.dlion.cluster.begin.InitialWeights;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.worker.Member;
import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.wire.Control.Reason;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.monitor.run.RunFolder;
import io.dlion.stream.Deal;
import java.io.IOException;
import java.util.Optional;

/** One worker of a cluster on a network, from opening its data to the last line on the screen. */
public final class WorkerRun implements Working {
  @Override
  public int run(Job asked, WorkerPlace place, Console console)
      throws IOException, InterruptedException {
    Optional<RunFolder> before = place.run().resumed().map(RunFolder::open);
    Introduction own = Introduction.of(asked.of(place.name()), place, before);
    Job job = own.job();
    Optional<Checkpoint> from = own.resumption().map(r -> r.checkpoints().get(place.name()));
    try (Interruption interruption = new Interruption();
        ClusterWorker worker = join(config(own, place, from), own.initialWeights(), console)) {
      interruption.then(() -> worker.requestStop(Reason.REQUEST));
      place
          .run()
          .served()
          .ifPresent(metrics -> {
            metrics.expect(Session.expected(job, minWorkers(job), before.isPresent()));
            metrics.watch(worker::peers);
          });
      if (!worker.gather()) {
        console.out().println("stopped before training began");
        return 0;
      }
      if (worker.trainingExamples() == 0) {
        throw new UserError(
            "server.trains=false: "
                + place.name()
                + " serves, and no other worker is here, so nobody would train; expected more"
                + " workers (--min-workers 2), or server.trains=true");
      }
      Preprocessing agreed = own.agreement().read(worker.encoding());
      own.agreement()
          .learned(agreed)
          .ifPresent(words -> console.out().println("from other workers: " + words));
      Problem problem = own.encodedBy(agreed);
      Examples shard = Introduction.shard(job, problem, place);
      RunFolder folder =
          before.isPresent() ? before.get() : Session.newFolder(job, problem, console);
      Session session =
          new Session(
              new Assignment(job, problem, worker.trainingExamples()),
              folder,
              own.resumption(),
              new Audience(console, interruption, place.run().command(), place.run().served()));
      int threads = job.threads().orElse(Runtime.getRuntime().availableProcessors());
      return session.train(
          worker.elapsedNanos(),
          worker.description(),
          sink -> {
            start(worker, member(session, place, shard, from), session, threads, sink);
            return worker;
          });
    }
  }

  private static Member member(
      Session session, WorkerPlace place, Examples shard, Optional<Checkpoint> from)
      throws IOException {
    boolean trains = !Introduction.onlyServes(session.what().job(), place);
    return new Member(
        place.name(),
        shard,
        place.handicap(),
        from,
        trains
            ? WorkerStreams.of(
                session.what().job(),
                session.what().problem().data(),
                session.folder(),
                place.name(),
                new Deal(place.shard().number() - 1, place.shard().of()),
                from.isPresent())
            : Optional.empty());
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

  private static ClusterWorker join(
      WorkerConfig config, Optional<InitialWeights> weights, Console console)
      throws IOException, InterruptedException {
    try {
      return ClusterWorker.join(
          config,
          weights,
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

  private static int minWorkers(Job job) {
    return job.minWorkers().orElse(job.workers());
  }

  private static WorkerConfig config(
      Introduction own, WorkerPlace place, Optional<Checkpoint> from) {
    return new WorkerConfig(
        place.name(),
        place.site(),
        new WorkerConfig.Network(
            place.network().bind(),
            place.network().seeds(),
            place.network().credentials().map(Security::of)),
        new WorkerConfig.Run(
            own.job().name().orElse("unnamed"), minWorkers(own.job()), own.ground()),
        new WorkerConfig.Shard(own.agreement(), own.examples()),
        new WorkerConfig.From(
            from.map(Checkpoint::iteration).orElse(0L),
            own.resumption().map(Resumption::elapsedNanos).orElse(0L)));
  }
}
