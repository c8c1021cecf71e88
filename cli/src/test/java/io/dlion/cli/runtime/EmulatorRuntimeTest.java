package io.dlion.cli.runtime;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Node;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.strategy.Strategy;
import io.dlion.emulator.check.StubExamples;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import io.dlion.emulator.run.Emulation;
import io.dlion.emulator.run.ExchangeCost;
import io.dlion.emulator.run.LearnerPool;
import io.dlion.emulator.run.Outcome;
import io.dlion.emulator.run.Trouble;
import io.dlion.emulator.run.Watch;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The contract in virtual time. */
class EmulatorRuntimeTest extends RuntimeContract {
  private static final long SECOND = 1_000_000_000L;
  private static final String THREE_EQUAL_WORKERS =
      """
      workers:
        - {count: 3, cores: 24, mbit: 50}
      """;

  @Override
  Ran run(Job job) {
    String crash =
        job.crashes().map(worker -> "events: [{at: 20s, crash: " + worker + "}]\n").orElse("");
    Environment where =
        Environments.parse("contract", THREE_EQUAL_WORKERS + crash)
            .withBudget(10_000 * SECOND)
            .forModel(4000);
    List<Report> told = new ArrayList<>();
    Replicas replicas = new Replicas();
    try (LearnerPool pool = new LearnerPool(_ -> job.learner(false), 1)) {
      Outcome outcome =
          Emulation.run(
              new Emulation.Spec(
                  where,
                  Strategy.of(job.settings()),
                  Job.WORKERS.stream().map(Job::shard).toList(),
                  new StubExamples(1),
                  Job.trainingExamples(),
                  job.goalSamples(),
                  10_000 * SECOND,
                  10_000 * SECOND,
                  Job.SEED,
                  ExchangeCost.MEASURED,
                  told::add,
                  () -> false),
              pool,
              Trouble.NONE,
              replicas);
      return new Ran(outcome.finished(), replicas.weights(), told);
    }
  }

  /** Remembers where the weights of each worker are. */
  private static final class Replicas implements Watch {
    private final Map<WorkerId, Replica> replicas = new HashMap<>();

    Map<WorkerId, float[]> weights() {
      Map<WorkerId, float[]> weights = new HashMap<>();
      replicas.forEach((id, r) -> weights.put(id, r.weights().toArray(ValueLayout.JAVA_FLOAT)));
      return weights;
    }

    @Override
    public void born(WorkerId worker, long nowNanos, Node node, Replica replica, long iteration) {
      replicas.put(worker, replica);
    }
  }
}
