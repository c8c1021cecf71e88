package io.dlion.cluster;

import io.dlion.cluster.begin.InitialWeights;
import io.dlion.cluster.cap.Caps;
import io.dlion.cluster.group.Encodings;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.worker.CheckpointStore;
import io.dlion.cluster.worker.Handicap;
import io.dlion.cluster.worker.Member;
import io.dlion.cluster.worker.RunSpec;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Examples;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A worker on this machine's loopback in the making, each part of which a test can replace. */
public final class Lan implements AutoCloseable {
  static final int EXAMPLES = 400;

  public final WorkerId id;
  public final InetSocketAddress bind;
  public final Queue<Report> reports = new ConcurrentLinkedQueue<>();
  public final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  public Settings settings =
      Presets.find("dlion")
          .settings()
          .with("optimizer.momentum", "0")
          .with("optimizer.learning-rate", "0.03");
  public Goal goal = new Goal(EXAMPLES * 60L, Long.MAX_VALUE, 2);
  public int minWorkers = 3;
  public int ballast;
  public float initialWeight;
  public volatile @Nullable Line learner;
  public long nanosPerSample;
  public Line.Hook hook = call -> false;
  Runnable asLearnerIsMade = () -> {};
  String run = "line";
  Map<String, String> job = Map.of("model", "line");
  Encodings encodings = Encodings.none();
  Optional<Checkpoint> resumeFrom = Optional.empty();
  Optional<Security> security = Optional.empty();
  Caps caps = Caps.NONE;
  CheckpointStore checkpoints = c -> {};
  ReportSink alsoTo = r -> {};
  Consumer<String> say = said::add;
  private Optional<ClusterWorker> worker = Optional.empty(); // guarded by this
  private volatile Optional<Switchboard> lines = Optional.empty();
  private boolean closed; // guarded by this

  public Lan(String name, InetSocketAddress bind) {
    this.id = new WorkerId(name);
    this.bind = bind;
  }

  private static SeedHosts at(InetSocketAddress seed) {
    return SeedHosts.parse(seed.getAddress().getHostAddress() + ":" + seed.getPort());
  }

  ClusterWorker join(InetSocketAddress seed) throws Exception {
    return join(at(seed));
  }

  ClusterWorker join(SeedHosts seeds) throws Exception {
    WorkerConfig config =
        new WorkerConfig(
            id,
            "here",
            new WorkerConfig.Network(lines(), seeds, security),
            new WorkerConfig.Run(run, minWorkers, job),
            new WorkerConfig.Shard(encodings, EXAMPLES),
            new WorkerConfig.From(resumeFrom.map(Checkpoint::iteration).orElse(0L), 0),
            caps);
    Optional<InitialWeights> weights =
        resumeFrom.isEmpty() ? Optional.of(InitialWeights.of(line())) : Optional.empty();
    ClusterWorker made = ClusterWorker.join(config, weights, say);
    use(made);
    return made;
  }

  /** One that has joined only after the test was over is closed at once. */
  private synchronized void use(ClusterWorker made) {
    worker = Optional.of(made);
    if (closed) {
      made.close();
      lines.ifPresent(Switchboard::close);
    }
  }

  /** Its connections, made when they are first needed. */
  private Switchboard lines() throws IOException {
    Switchboard made = new Switchboard(id.name(), Whereabouts.at(bind), security);
    made.open();
    lines = Optional.of(made);
    return made;
  }

  private Line line() {
    Line made = new Line(ballast, nanosPerSample, hook);
    for (int i = 0; i <= Line.FEATURES; i++) {
      made.weights().setAtIndex(ValueLayout.JAVA_FLOAT, i, initialWeight);
    }
    return made;
  }

  void start(ClusterWorker joined) throws Exception {
    Examples test = Line.examples(200, 99);
    joined.start(
        new Member(id, Line.examples(EXAMPLES, id.hashCode()), Handicap.NONE, resumeFrom),
        new RunSpec(
            new RunSpec.Task(Strategy.of(settings), goal, 7),
            new RunSpec.Tests(test, test),
            self -> {
              asLearnerIsMade.run();
              Line made = line();
              learner = made;
              return made;
            },
            report -> {
              reports.add(report);
              alsoTo.accept(report);
            },
            checkpoints,
            true));
  }

  public CompletableFuture<WorkerOutcome> run(InetSocketAddress seed) {
    return run(at(seed));
  }

  /** Joins, gathers, trains to the end in a thread of its own. */
  public CompletableFuture<WorkerOutcome> run(SeedHosts seeds) {
    CompletableFuture<WorkerOutcome> outcome = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("test-" + id)
        .start(() -> {
          try {
            ClusterWorker joined = join(seeds);
            if (joined.gather()) {
              start(joined);
            }
            outcome.complete(joined.await().getFirst());
          } catch (Exception | Error e) {
            outcome.completeExceptionally(e);
          }
        });
    return outcome;
  }

  /** Whether {@link #worker} is there. */
  public synchronized boolean hasJoined() {
    return worker.isPresent();
  }

  public synchronized ClusterWorker worker() {
    return worker.orElseThrow();
  }

  /** Each gradient that it sends counts. */
  public void countsDown(CountDownLatch gradients) {
    alsoTo =
        r -> {
          if (r instanceof Report.Sent) {
            gradients.countDown();
          }
        };
  }

  boolean reported(Predicate<Report> what) {
    return reports.stream().anyMatch(what);
  }

  @Override
  public synchronized void close() {
    closed = true;
    worker.ifPresent(ClusterWorker::close);
    lines.ifPresent(Switchboard::close);
  }
}
