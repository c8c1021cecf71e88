package io.dlion.cluster.local;

import io.dlion.cluster.Line;
import io.dlion.cluster.worker.CheckpointStore;
import io.dlion.cluster.worker.Handicap;
import io.dlion.cluster.worker.Member;
import io.dlion.cluster.worker.RunSpec;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.LearnerFactory;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A small cluster in the making, each part of which a test can replace. */
final class Cluster {
  static final int TRAINING_EXAMPLES = 1200;

  /** Converges within the default goal, and is stable however late gradients arrive. */
  private static final String LEARNING_RATE = "0.03";

  final Queue<Report> reports = new ConcurrentLinkedQueue<>();
  int workers = 3;
  Settings settings =
      Presets.find("dlion")
          .settings()
          .with("optimizer.momentum", "0")
          .with("optimizer.learning-rate", LEARNING_RATE);
  Goal goal = new Goal(TRAINING_EXAMPLES * 30L, Long.MAX_VALUE, 2);
  LinkRates rates = LinkRates.unlimited();
  int ballast;
  long nanosPerSample;
  @Nullable WorkerId diverges;
  Map<WorkerId, Double> slowdown = new HashMap<>();
  Map<WorkerId, Checkpoint> resumeFrom = new HashMap<>();
  Map<WorkerId, Line.Hook> hooks = new HashMap<>();
  CheckpointStore checkpoints = c -> {};
  Consumer<Report> onReport = r -> {};

  Cluster workers(int count) {
    workers = count;
    return this;
  }

  Cluster set(String key, String value) {
    settings = settings.with(key, value);
    return this;
  }

  Cluster preset(String name) {
    settings =
        Presets.find(name)
            .settings()
            .with("optimizer.momentum", "0")
            .with("optimizer.learning-rate", LEARNING_RATE);
    return this;
  }

  static WorkerId id(int number) {
    return new WorkerId("w" + number);
  }

  LocalCluster start() throws Exception {
    return start(id ->
        new Line(
            ballast,
            nanosPerSample,
            hooks.getOrDefault(id, call -> id.equals(diverges) && call > 20)));
  }

  LocalCluster start(LearnerFactory learners) throws Exception {
    List<Member> members = new ArrayList<>();
    for (int k = 1; k <= workers; k++) {
      members.add(
          new Member(
              id(k),
              Line.examples(TRAINING_EXAMPLES / workers, k),
              Handicap.times(slowdown.getOrDefault(id(k), 1.0)),
              Optional.ofNullable(resumeFrom.get(id(k)))));
    }
    RunSpec run =
        new RunSpec(
            new RunSpec.Task(Strategy.of(settings), goal, 7),
            new RunSpec.Tests(Line.examples(200, 99), Line.examples(100, 99)),
            learners,
            report -> {
              reports.add(report);
              onReport.accept(report);
            },
            checkpoints,
            false);
    return LocalCluster.start(new LocalCluster.Spec(members, run, TRAINING_EXAMPLES, rates, 0));
  }

  /** Runs to the end. */
  List<WorkerOutcome> run() throws Exception {
    try (LocalCluster cluster = start()) {
      return cluster.await();
    }
  }

  <T extends Report> List<T> reports(Class<T> kind, WorkerId worker) {
    return reports.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .filter(r -> r.worker().equals(worker))
        .toList();
  }
}
