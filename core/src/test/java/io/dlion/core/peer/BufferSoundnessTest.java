package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.wire.Control.Reason;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buffers that are not finite are neither kept, saved, sent nor merged. */
class BufferSoundnessTest {
  private static final Settings SAVING =
      Presets.find("dlion")
          .settings()
          .with("transfer.period", "5")
          .with("transfer.rule", "plain")
          .with("checkpoint.every", "0.01");

  private static Simulation simulation(Settings settings) {
    return new Simulation(
        new Line(20, 1), settings, 3, new Goal(9000, Long.MAX_VALUE, 2), 3000, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "baseline", "diloco", "sparseloco"})
  void aBatchThatSpoilsABufferIsLeftOutAndTheBufferIsWhatItWas(String preset) {
    Simulation cluster =
        simulation(Presets.find(preset).settings().with("checkpoint.every", "0.01"));
    cluster.worker(2).spoilingBuffers.addAll(Set.of(3L, 20L, 21L));
    cluster.run(1000);
    Worker worker = cluster.worker(2);
    assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
    assertThat(worker.buffers[0]).isFinite().isPositive();
    assertThat(worker.notices(Severity.WARNING))
        .hasSize(3)
        .allMatch(n -> n.startsWith("a buffer (batch norm) has values that are not finite in"));
    assertSaved(worker);
  }

  private static void assertSaved(Worker worker) {
    assertThat(worker.saved).isNotEmpty();
    for (Checkpoint checkpoint : worker.saved) {
      assertThat(checkpoint.buffers().toArray(ValueLayout.JAVA_FLOAT)).doesNotContain(Float.NaN);
    }
  }

  @Test
  void aWorkerWhoseEveryBatchSpoilsABufferStopsAndNothingSpreads() {
    Simulation cluster = simulation(SAVING);
    for (long gradient = 30; gradient < 200; gradient++) {
      cluster.worker(3).spoilingBuffers.add(gradient);
    }
    cluster.run(1000);
    assertThat(cluster.worker(3).finished).isEqualTo(Reason.DIVERGED);
    for (Worker worker : List.of(cluster.worker(1), cluster.worker(2))) {
      assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
      assertThat(worker.buffers).doesNotContain(Float.NaN);
      assertThat(worker.notices(Severity.WARNING)).noneMatch(n -> n.contains("not finite"));
      assertSaved(worker);
    }
    // The better of the two takes over nothing.
    assertThat(
            List.of(cluster.worker(1), cluster.worker(2)).stream()
                .flatMap(worker -> worker.reports(Report.Transfer.class).stream()))
        .isNotEmpty();
  }
}
