package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.node.Goal;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.wire.Control.Reason;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples of peers that a worker hears of at once, because it has met them only now. */
class FoundSamplesTest {
  /** No worker hears of more batches than these between two of its own iterations. */
  private static final int BATCHES_MAX = 8;

  @ParameterizedTest
  @ValueSource(strings = {"baseline", "dlion", "ako", "gaia"})
  void areKeptApart(String preset) {
    Simulation cluster =
        new Simulation(
            new Line(10, 1),
            Presets.find(preset).settings().with("optimizer.learning-rate", "0.01"),
            3,
            new Goal(30_000, Long.MAX_VALUE, 2));
    cluster.joinsAt(1, cluster.worker(3));
    cluster.run(1000);
    assertThat(cluster.worker(3).finished).isEqualTo(Reason.EPOCHS);
    List<Report.Iteration> late = cluster.worker(3).reports(Report.Iteration.class);
    assertThat(late.getLast().foundSamples())
        .as("what others had done before")
        .isGreaterThan(BATCHES_MAX * 192);
    for (Simulation.Worker worker : cluster.workers.values()) {
      long before = 0;
      for (Report.Iteration r : worker.reports(Report.Iteration.class)) {
        long growth = r.clusterSamples() - r.foundSamples();
        assertThat(growth - before)
            .as("%s at iteration %d", worker.id, r.iteration())
            .isBetween(0L, (long) BATCHES_MAX * r.globalBatchSize());
        before = growth;
      }
    }
  }
}
