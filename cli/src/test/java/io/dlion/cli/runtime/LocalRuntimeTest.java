package io.dlion.cli.runtime;

import io.dlion.cluster.local.LinkRates;
import io.dlion.cluster.local.LocalCluster;
import io.dlion.cluster.worker.Handicap;
import io.dlion.cluster.worker.Member;
import io.dlion.cluster.worker.RunSpec;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import io.dlion.emulator.check.StubExamples;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The contract with all workers in one process. */
class LocalRuntimeTest extends RuntimeContract {
  @Override
  Ran run(Job job) throws Exception {
    Queue<Report> reports = new ConcurrentLinkedQueue<>();
    List<Member> members = Job.WORKERS.stream().map(LocalRuntimeTest::member).toList();
    RunSpec spec = spec(job, reports);
    try (LocalCluster cluster =
        LocalCluster.start(
            new LocalCluster.Spec(
                members, spec, Job.trainingExamples(), LinkRates.unlimited(), 0))) {
      return ran(cluster.await(), reports);
    }
  }

  static Member member(WorkerId worker) {
    return new Member(worker, Job.shard(worker), Handicap.NONE, Optional.empty());
  }

  static RunSpec spec(Job job, Queue<Report> reports) {
    return new RunSpec(
        new RunSpec.Task(
            Strategy.of(job.settings()),
            new Goal(job.goalSamples(), Long.MAX_VALUE, Goal.NONE.accuracy()),
            Job.SEED),
        new RunSpec.Tests(new StubExamples(1), new StubExamples(1)),
        _ -> job.learner(true),
        reports::add,
        _ -> {},
        false);
  }

  static Ran ran(List<WorkerOutcome> outcomes, Queue<Report> reports) {
    Map<WorkerId, Reason> reasons = new HashMap<>();
    Map<WorkerId, float[]> weights = new HashMap<>();
    for (WorkerOutcome outcome : outcomes) {
      reasons.put(outcome.worker(), outcome.reason());
      outcome
          .soundReplica()
          .ifPresent(learner ->
              weights.put(outcome.worker(), learner.weights().toArray(ValueLayout.JAVA_FLOAT)));
    }
    return new Ran(reasons, weights, List.copyOf(reports));
  }
}
