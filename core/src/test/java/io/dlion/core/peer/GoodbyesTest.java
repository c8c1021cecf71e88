package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Seeded;
import io.dlion.core.node.Goal;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.wire.Control.Reason;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that leave one after the other, over links of which one is slow. */
class GoodbyesTest {
  private static final Settings ORDERED =
      Presets.find("baseline").settings().with("optimizer.learning-rate", "0.01");

  /**
   * w5 leaves after iteration 5, w4 after iteration 6, and w1 hears of w4 first: the global batch
   * of iteration 6 still counts w4, and no longer w5.
   */
  @ParameterizedTest
  @ValueSource(strings = {"off", "schedule"})
  void replicasStayEqualInWhateverOrderGoodbyesArrive(String growth) {
    Settings settings =
        ORDERED
            .with("batching.growth", growth)
            .with("batching.period", "0.05")
            .with("batching.warm-up-until", "0.08")
            .with("batching.initial", "20");
    Seeded.check(
        200,
        random -> {
          Simulation cluster =
              new Simulation(new Line(10, 1), settings, 5, new Goal(6_000, Long.MAX_VALUE, 2));
          long late = (20 + random.nextInt(280)) * 1_000_000L;
          cluster.latencyNanos =
              (from, to) -> from.name().equals("w5") && to.name().equals("w1") ? late : 1_000_000;
          double leaves = 0.5 + random.nextDouble();
          cluster.at(leaves, () -> cluster.worker(5).stop(Reason.REQUEST));
          cluster.at(
              leaves + 0.5 * random.nextDouble(), () -> cluster.worker(4).stop(Reason.REQUEST));
          cluster.run(1000);
          Simulation.Worker first = cluster.worker(1);
          assertThat(first.finished).isEqualTo(Reason.EPOCHS);
          for (int k = 2; k <= 3; k++) {
            assertThat(globalBatches(cluster.worker(k))).isEqualTo(globalBatches(first));
            assertThat(cluster.worker(k).weights).isEqualTo(first.weights);
          }
        });
  }

  private static Map<Long, Integer> globalBatches(Simulation.Worker worker) {
    return worker.reports(Report.Iteration.class).stream()
        .collect(Collectors.toMap(r -> r.iteration(), r -> r.globalBatchSize()));
  }
}
