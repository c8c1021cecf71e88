package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Goal;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Optimizers and schedules of learning rates in clusters. */
class OptimizersTest {
  private static final Line LINE = new Line(20, 1);
  private static final List<String> KINDS = List.of("sgd", "adamw", "muon");
  private static final List<String> SCHEDULES =
      List.of("constant", "cosine", "warmup-stable-decay");

  private static Settings settings(String preset, String kind) {
    Settings settings = Presets.find(preset).settings();
    return (preset.equals("adacomm") ? settings.with("commit.trial", "0.1") : settings)
        .with("optimizer.kind", kind)
        .with("optimizer.learning-rate", kind.equals("sgd") ? "0.01" : "0.03");
  }

  private static Goal samples(long samples) {
    return new Goal(samples, Long.MAX_VALUE, 2);
  }

  private static void assertAllFinished(Simulation cluster, Reason reason) {
    for (Worker worker : cluster.workers.values()) {
      assertThat(worker.finished).as("%s", worker.id).isEqualTo(reason);
      assertThat(worker.unconsumed()).as("payloads kept by %s", worker.id).isZero();
    }
  }

  @Test
  void everyPresetReachesTheGoalWithEveryOptimizerAndSchedule() {
    for (Presets.Preset preset : Presets.all()) {
      for (String kind : KINDS) {
        for (String schedule : SCHEDULES) {
          Settings settings =
              settings(preset.name(), kind)
                  .with("optimizer.schedule", schedule)
                  .with("evaluate.every", "0.5");
          Simulation cluster = new Simulation(LINE, settings, 3, samples(30_000), 3000, true);
          cluster.worker(3).betaSeconds = 0.002;
          cluster.run(1000);
          assertAllFinished(cluster, Reason.EPOCHS);
          for (Worker worker : cluster.workers.values()) {
            assertThat(Blocks.allFinite(worker.node.model(), LINE.layout.size())).isTrue();
            assertThat(LINE.evaluate(floats(worker.node.model())).accuracy())
                .as("%s of %s with %s, %s", worker.id, preset.name(), kind, schedule)
                .isGreaterThan(0.9);
            assertThat(worker.notices(Severity.WARNING)).isEmpty();
          }
        }
      }
    }
  }

  @Test
  void replicasOfBaselineStayEqualBitForBit() {
    for (String kind : KINDS) {
      for (String schedule : SCHEDULES) {
        for (Goal goal : List.of(samples(9_000), new Goal(Long.MAX_VALUE, 3_000_000_000L, 2))) {
          Seeded.check(
              3,
              random -> {
                Settings settings = settings("baseline", kind).with("optimizer.schedule", schedule);
                Simulation cluster = new Simulation(LINE, settings, 3, goal);
                cluster.latencyNanos = (from, to) -> random.nextLong(30_000_000);
                for (Worker worker : cluster.workers.values()) {
                  worker.betaSeconds = 0.0001 * (1 + random.nextInt(10));
                }
                Map<Long, float[]> weights = new TreeMap<>();
                cluster.onCompute =
                    worker -> {
                      float[] others =
                          weights.computeIfAbsent(worker.iterations, i -> worker.weights.clone());
                      assertThat(worker.weights)
                          .as("%s, %s, %s", kind, schedule, goal)
                          .isEqualTo(others);
                    };
                cluster.run(1000);
                assertThat(weights).hasSizeGreaterThan(50);
              });
        }
      }
    }
  }

  /** Stopped anywhere, with gradients under way, and some workers further than others. */
  @Test
  void aRunOfBaselineThatIsStoppedAndRestoredEqualsOneThatWasNot() {
    for (String kind : List.of("adamw", "muon")) {
      for (String where : List.of("receiver", "sender")) {
        Settings settings =
            settings("baseline", kind)
                .with("exchange.momentum", where)
                .with("optimizer.schedule", "cosine");
        int[] pending = {0};
        Seeded.check(
            20,
            random -> {
              Simulation whole = new Simulation(LINE, settings, 3, samples(5760));
              whole.run(1000);
              assertAllFinished(whole, Reason.EPOCHS);
              Simulation stopped = new Simulation(LINE, settings, 3, samples(5760));
              stopped.latencyNanos = (from, to) -> random.nextLong(30_000_000);
              double at = 0.001 + 0.95 * random.nextDouble();
              stopped.workers.values().forEach(w -> stopped.at(at, () -> w.stop(Reason.REQUEST)));
              stopped.run(1000);
              Map<WorkerId, Checkpoint> saved = new TreeMap<>();
              stopped.workers.forEach((id, w) -> saved.put(id, w.saved.getLast()));
              pending[0] += saved.values().stream().anyMatch(c -> c.number("pending") > 0) ? 1 : 0;
              Simulation again = new Simulation(LINE, settings, 3, samples(5760));
              Map<WorkerId, Checkpoint> aligned =
                  Realignment.of(saved, saved.keySet(), Strategy.of(settings));
              again.workers.forEach(
                  (id, w) -> w.node.restore(Objects.requireNonNull(aligned.get(id))));
              again.run(1000);
              assertAllFinished(again, Reason.EPOCHS);
              for (int k = 1; k <= 3; k++) {
                assertThat(again.worker(k).weights)
                    .as("w%d with %s at the %s", k, kind, where)
                    .isEqualTo(whole.worker(k).weights);
              }
            });
        assertThat(pending[0]).as("runs stopped before a step").isPositive();
      }
    }
  }

  /** Iterations pass while weights are on their way: it begins a few steps behind the others. */
  @Test
  void whoComesLateToBaselineTakesOverTheMoments() {
    for (String kind : KINDS) {
      Seeded.check(
          5,
          random -> {
            Simulation cluster =
                new Simulation(LINE, settings("baseline", kind), 3, samples(9_000));
            Worker late = cluster.worker(3);
            cluster.latencyNanos = (from, to) -> 1_000_000 + random.nextInt(10_000_000);
            cluster.joinsAt(0.3 + random.nextDouble(), late);
            Map<Long, Checkpoint> others = new TreeMap<>();
            List<Checkpoint> begun = new ArrayList<>();
            cluster.onCompute =
                worker -> {
                  Checkpoint now = worker.node.checkpoint().copy();
                  if (worker != late) {
                    others.put(now.iteration(), now);
                  } else if (begun.isEmpty()) {
                    begun.add(now);
                  }
                };
            cluster.run(1000);
            assertAllFinished(cluster, Reason.EPOCHS);
            Checkpoint first = begun.getFirst();
            Checkpoint other = Objects.requireNonNull(others.get(first.iteration()));
            assertThat(first.memories().keySet()).isEqualTo(other.memories().keySet());
            first
                .memories()
                .forEach((name, values) ->
                    assertThat(apart(values, Objects.requireNonNull(other.memories().get(name))))
                        .as("%s, %s", kind, name)
                        .isLessThan(name.equals("second-moment") ? 0.15 : 0.9));
            assertThat(
                    apart(
                        MemorySegment.ofArray(late.weights),
                        MemorySegment.ofArray(cluster.worker(1).weights)))
                .as(kind)
                .isLessThan(0.05);
          });
    }
  }

  /** The distance of two vectors, relative to the second's length. */
  private static double apart(MemorySegment a, MemorySegment b) {
    float[] zeros = new float[LINE.layout.size()];
    return norm(floats(a), floats(b)) / norm(floats(b), zeros);
  }

  private static double norm(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow(a[i] - b[i], 2);
    }
    return Math.sqrt(sum);
  }

  private static float[] floats(MemorySegment values) {
    return values.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }
}
