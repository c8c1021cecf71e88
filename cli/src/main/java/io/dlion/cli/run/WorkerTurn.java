package io.dlion.cli.run;

import io.dlion.cli.checkpoint.ModelFile;
import io.dlion.cli.checkpoint.Resumption;
import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.duty.ModelSender;
import io.dlion.cli.duty.OnCall;
import io.dlion.cli.job.Job;
import io.dlion.cli.problem.Problem;
import io.dlion.cli.stream.WorkerStreams;
import io.dlion.cluster.ClusterWorker;
import io.dlion.cluster.WorkerConfig;
import io.dlion.cluster.begin.InitialWeights;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.worker.Member;
import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.ReportSink;
import io.dlion.core.wire.Control.Reason;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.monitor.prometheus.WorkerMetrics;
import io.dlion.monitor.run.RunFolder;
import io.dlion.stream.Deal;
import java.io.IOException;
import java.util.Optional;

/**
 * A worker's turn: it opens its data, joins the others, trains from where its run folder says, and
 * leaves them, at the end of the run or to rest.
 *
 * @param place who the worker is
 * @param lines its connections to others
 * @param onCall is told of the worker while it is with the others
 */
record WorkerTurn(
    WorkerPlace place,
    Switchboard lines,
    Console console,
    Interruption interruption,
    OnCall onCall) {
  /**
   * What a turn begins with.
   *
   * @param job as it was asked for, or as the turn before has completed it
   * @param folder of the run to go on with; empty for a new one
   */
  record State(Job job, Optional<RunFolder> folder) {}

  /**
   * How a turn ended.
   *
   * @param rests whether another one follows
   * @param exitCode of the process, unless another one follows
   * @param state what the next one begins with
   */
  record Ended(boolean rests, int exitCode, State state) {}

  void warn(String text) {
    console.err().println(text);
  }

  /** Takes it. */
  Ended take(State state) throws IOException, InterruptedException {
    Introduction own = Introduction.of(state.job().of(place.name()), place, state.folder());
    Optional<Checkpoint> from = own.resumption().map(r -> r.checkpoints().get(place.name()));
    try (ClusterWorker worker = join(config(own, from), own.initialWeights())) {
      try {
        interruption.then(() -> worker.requestStop(Reason.REQUEST));
        place.run().served().ifPresent(metrics -> tell(metrics, worker, own.job(), state));
        onCall.knows(own.measurement(place));
        onCall.joined(worker);
        return with(worker, own, from, state);
      } finally {
        onCall.left();
      }
    }
  }

  private void tell(WorkerMetrics metrics, ClusterWorker worker, Job job, State state) {
    metrics.expect(Session.expected(job, minWorkers(job), state.folder().isPresent()));
    metrics.watch(worker::peers);
    metrics.caps(
        place.name(), () -> worker.limits().uploadMbit(), () -> worker.limits().downloadMbit());
  }

  private Ended with(ClusterWorker worker, Introduction own, Optional<Checkpoint> from, State state)
      throws IOException, InterruptedException {
    if (!worker.gather()) {
      boolean rests = OnCall.rests(worker);
      if (!rests) {
        console.out().println("stopped before training began");
      }
      return new Ended(rests, 0, state);
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
    Examples shard = Introduction.shard(own.job(), problem, place);
    RunFolder folder =
        state.folder().isPresent()
            ? state.folder().get()
            : Session.newFolder(own.job(), problem, console);
    Session session =
        new Session(
            new Assignment(own.job(), problem, worker.trainingExamples()),
            folder,
            own.resumption(),
            new Audience(console, interruption, place.run().command(), place.run().served()));
    int threads = own.threads();
    int exitCode =
        session.train(
            worker.elapsedNanos(),
            worker.description(),
            sink -> {
              start(worker, member(session, shard, from), session, threads, sink);
              onCall.trains(
                  new ModelSender(
                      ModelFile.about(
                          own.job().model(),
                          problem.model().shape(),
                          Optional.of(problem.data().preprocessing())),
                      folder));
              return worker;
            });
    return new Ended(OnCall.rests(worker), exitCode, new State(own.job(), Optional.of(folder)));
  }

  private Member member(Session session, Examples shard, Optional<Checkpoint> from)
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
      ClusterWorker worker, Member member, Session session, int threads, ReportSink sink)
      throws IOException, InterruptedException {
    try {
      worker.start(member, session.runSpec(threads, sink));
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the worker could not be started: " + e.getMessage(), e);
    }
  }

  private ClusterWorker join(WorkerConfig config, Optional<InitialWeights> weights)
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

  private WorkerConfig config(Introduction own, Optional<Checkpoint> from) {
    return new WorkerConfig(
        place.name(),
        place.site(),
        new WorkerConfig.Network(
            lines, place.network().seeds(), place.network().credentials().map(Security::of)),
        new WorkerConfig.Run(
            own.job().name().orElse("unnamed"), minWorkers(own.job()), own.ground()),
        new WorkerConfig.Shard(own.agreement(), own.examples()),
        new WorkerConfig.From(
            from.map(Checkpoint::iteration).orElse(0L),
            own.resumption().map(Resumption::elapsedNanos).orElse(0L)),
        place.takes().caps());
  }
}
