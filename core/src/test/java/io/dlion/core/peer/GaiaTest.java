package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Goal;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Reason;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Significance and barriers, on whole clusters. */
class GaiaTest {
  private static final Line LINE = new Line(2000, 1);

  private static Simulation cluster(int workers, long samples) {
    Settings settings = Presets.find("gaia").settings().with("optimizer.learning-rate", "0.0002");
    return new Simulation(LINE, settings, workers, new Goal(samples, Long.MAX_VALUE, 2));
  }

  @Test
  void noIterationStartsBeforeWhatWasAnnouncedForItHasArrived() {
    int[] held = new int[1];
    Seeded.check(
        15,
        random -> {
          Simulation cluster = cluster(3, 6000);
          double[] rates = {1e5, 3e5, 1e8}; // a whole gradient takes 80 ms, 27 ms, nothing
          double[] ofWorker = {
            0, rates[random.nextInt(3)], rates[random.nextInt(3)], rates[random.nextInt(3)]
          };
          cluster.bytesPerSecond = (from, to) -> ofWorker[from.name().charAt(1) - '0'];
          cluster.latencyNanos = (from, to) -> random.nextLong(10_000_000);
          Map<String, Long> announced = new HashMap<>();
          cluster.onReceive =
              (worker, from, payload) -> {
                Opened.gradient(payload, LINE.layout)
                    .ifPresent(g -> worker.newest.merge(from, g.header().iteration(), Math::max));
                Opened.control(payload, LINE.layout, Control.Barrier.class)
                    .ifPresent(
                        b -> announced.merge(worker.id + from.name(), b.iteration(), Math::max));
              };
          cluster.onCompute =
              worker -> {
                for (Worker peer : cluster.workers.values()) {
                  long newest = worker.newest.getOrDefault(peer.id, -1L);
                  long barrier = announced.getOrDefault(worker.id + peer.id.name(), -1L);
                  boolean live = peer.finished == null && worker.finished == null;
                  if (live && peer != worker) {
                    assertThat(newest).isGreaterThanOrEqualTo(worker.iterations - 6);
                    assertThat(newest)
                        .isGreaterThanOrEqualTo(Math.min(barrier, worker.iterations - 1));
                    held[0] += barrier > newest ? 1 : 0;
                  }
                }
              };
          cluster.run(1000);
          for (Worker worker : cluster.workers.values()) {
            assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
            assertThat(worker.unconsumed()).isZero();
            assertThat(worker.weights[0]).as("it has learned").isNegative();
          }
        });
    assertThat(held[0]).as("a sender further on does not hold up").isPositive();
  }

  @Test
  void onlyWhatTakesLongerThanAnIterationIsAnnounced() {
    Simulation cluster = cluster(2, 6000);
    WorkerId w1 = new WorkerId("w1");
    cluster.bytesPerSecond = (from, to) -> from.equals(w1) ? 2e5 : 1e8;
    Map<WorkerId, Integer> announced = new HashMap<>();
    cluster.onReceive =
        (worker, from, payload) ->
            Opened.control(payload, LINE.layout, Control.Barrier.class)
                .ifPresent(b -> announced.merge(from, 1, Integer::sum));
    cluster.run(1000);
    // A step takes 0.001 + 32 · 0.0005 = 0.017 s; the link carries 3400 bytes in it.
    long large =
        cluster.worker(1).reports(Report.Sent.class).stream()
            .filter(s -> s.bytesPerSecond() > 0 && s.bytes() > 3400)
            .count();
    assertThat(large).isPositive();
    assertThat(announced).isEqualTo(Map.of(w1, (int) large));
  }

  @Test
  void replicasStayTogetherWithLessThanWholeGradients() {
    Simulation cluster = cluster(3, 60_000);
    cluster.run(1000);
    Worker first = cluster.worker(1);
    double share =
        first.reports(Report.Sent.class).stream()
            .mapToDouble(Report.Sent::share)
            .average()
            .orElse(1);
    assertThat(share).isBetween(0.01, 0.8);
    double distance = 0;
    double length = 0;
    for (int i = 0; i < first.weights.length; i++) {
      distance += Math.pow(first.weights[i] - cluster.worker(2).weights[i], 2);
      length += Math.pow(first.weights[i], 2);
    }
    assertThat(Math.sqrt(distance / length)).isLessThan(0.05);
  }
}
