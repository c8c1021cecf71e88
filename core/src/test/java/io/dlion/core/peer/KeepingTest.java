package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Goal;
import io.dlion.core.node.Improvement;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The best model that evaluations find, and an end when none becomes better. */
final class KeepingTest {
  private static final Line LINE = new Line(8, 3);

  private static Settings often(String preset) {
    return Presets.find(preset)
        .settings()
        .with("optimizer.learning-rate", "0.01")
        .with("evaluate.every", "0.1")
        .with("checkpoint.every", "0.1");
  }

  private static Simulation trained(String preset, int patience, boolean keepsBest) {
    Goal goal = new Goal(30_000, Long.MAX_VALUE, 2, patience);
    Simulation cluster =
        new Simulation(LINE, often(preset), 3, goal, 3000, true, keepsBest, Map.of());
    cluster.run(1000);
    return cluster;
  }

  @Test
  void theBestEvaluatedModelIsKeptAsItWasThen() {
    for (String preset : List.of("dlion", "baseline", "diloco")) {
      for (Simulation.Worker worker : trained(preset, 0, true).workers.values()) {
        BestModel best = worker.node.best().orElseThrow();
        List<Report.Evaluated> during = worker.reports(Report.Evaluated.class);
        during = during.subList(0, during.size() - 1); // the last is that of the end
        assertThat(during).hasSizeGreaterThan(5);
        assertThat(best.evaluation().accuracy())
            .isEqualTo(during.stream().mapToDouble(Report.Evaluated::accuracy).max().orElseThrow());
        assertThat(LINE.evaluate(floats(best.weights()))).isEqualTo(best.evaluation());
        assertThat(during)
            .anyMatch(e ->
                e.accuracy() == best.evaluation().accuracy()
                    && e.iteration() == best.iteration()
                    && e.clusterSamples() == best.samples());
      }
    }
  }

  @Test
  void whereTheLastModelIsWantedNoneIsKept() {
    for (Simulation.Worker worker : trained("dlion", 0, false).workers.values()) {
      assertThat(worker.node.best()).isEmpty();
      assertThat(worker.saved).allMatch(checkpoint -> checkpoint.best().isEmpty());
    }
  }

  @Test
  void theBestModelSurvivesCheckpoints() {
    Simulation first = trained("dlion", 0, true);
    for (Simulation.Worker worker : first.workers.values()) {
      BestModel best = worker.node.best().orElseThrow();
      Checkpoint last = worker.saved.getLast();
      assertThat(floats(last.best().orElseThrow().weights())).isEqualTo(floats(best.weights()));
      Simulation again =
          new Simulation(
              LINE, often("dlion"), 1, new Goal(1, Long.MAX_VALUE, 2), 3000, true, true, Map.of());
      again.worker(1).node.restore(last);
      again.run(10); // the goal is behind it
      BestModel kept = again.worker(1).node.best().orElseThrow();
      assertThat(kept.evaluation()).isEqualTo(best.evaluation());
      assertThat(kept.iteration()).isEqualTo(best.iteration());
      assertThat(floats(kept.weights())).isEqualTo(floats(best.weights()));
      assertThat(floats(kept.buffers())).isEqualTo(floats(best.buffers()));
    }
  }

  @Test
  void aWorkerWithoutACheckpointTakesOverTheBestModelWithTheRest() {
    Simulation first = trained("dlion", 0, true);
    WorkerId w1 = new WorkerId("w1");
    WorkerId w2 = new WorkerId("w2");
    Checkpoint from = first.worker(1).saved.getLast();
    Map<WorkerId, Checkpoint> saved = new TreeMap<>(Map.of(w1, from));
    Checkpoint joined =
        Objects.requireNonNull(
            Realignment.of(saved, Set.of(w1, w2), Strategy.of(often("dlion"))).get(w2));
    assertThat(joined.best()).isEqualTo(from.best());
    assertThat(joined.number(Checkpoint.WITHOUT_BETTER))
        .isEqualTo(from.number(Checkpoint.WITHOUT_BETTER));
  }

  @Test
  void theRunEndsWhenEvaluationsOfAllWorkersBecomeNoBetter() {
    for (String preset : List.of("dlion", "baseline")) {
      Simulation cluster = trained(preset, 4, false);
      for (Simulation.Worker worker : cluster.workers.values()) {
        assertThat(worker.finished).isEqualTo(Reason.PATIENCE);
        Checkpoint last = worker.saved.getLast();
        assertThat(last.number(Checkpoint.WITHOUT_BETTER)).isGreaterThanOrEqualTo(4);
        assertThat(last.number("samples")).isLessThan(10_000);
      }
    }
  }

  @Test
  void enoughPatienceChangesNothing() {
    assertThat(trained("dlion", 1000, false).workers.values())
        .allMatch(worker -> worker.finished == Reason.EPOCHS);
  }

  @Test
  void betterIsAHigherAccuracyOrALowerLossWithTheSame() {
    Improvement improvement = new Improvement();
    assertThat(improvement.evaluated(new Evaluation(1, 1, Double.NaN))).isFalse();
    assertThat(improvement.evaluated(new Evaluation(1, 1, 0.5))).isTrue();
    assertThat(improvement.evaluated(new Evaluation(1, 1, 0.5))).isFalse();
    assertThat(improvement.evaluated(new Evaluation(1, 0.9, 0.5))).isTrue();
    assertThat(improvement.evaluated(new Evaluation(1, 0.1, 0.4))).isFalse();
    assertThat(improvement.evaluated(new Evaluation(1, Double.NaN, Double.NaN))).isFalse();
    assertThat(improvement.without()).isEqualTo(2);
    Map<String, String> state = new TreeMap<>();
    improvement.save(state);
    Improvement restored = new Improvement();
    restored.restore(state);
    assertThat(restored.without()).isEqualTo(2);
    assertThat(restored.evaluated(new Evaluation(1, 0.9, 0.5))).isFalse();
    assertThat(restored.evaluated(new Evaluation(1, 2, 0.51))).isTrue();
    assertThat(restored.without()).isZero();
  }

  private static float[] floats(MemorySegment values) {
    return values.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }
}
