package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.wire.Control.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Six workers in three sites, whose lines are wide or thin. */
class TopologyChoiceTest {
  private static final int WORKERS = 6;

  private final Line line = new Line(300, 1);

  private static Map<WorkerId, String> sites() {
    Map<WorkerId, String> sites = new HashMap<>();
    for (int k = 1; k <= WORKERS; k++) {
      sites.put(new WorkerId("w" + k), "site" + (k - 1) / 2);
    }
    return sites;
  }

  private Simulation cluster(Settings settings, long samples, double bytesPerSecond) {
    Goal goal = new Goal(samples, Long.MAX_VALUE, 2);
    Simulation cluster = new Simulation(line, settings, WORKERS, goal, 3000, false, sites());
    cluster.bytesPerSecond =
        (from, to) -> Objects.equals(sites().get(from), sites().get(to)) ? 1e8 : bytesPerSecond;
    return cluster;
  }

  private static Settings dlion() {
    return Presets.find("dlion").settings().with("optimizer.learning-rate", "0.0005");
  }

  /** Whom a worker has sent gradients late in the run. */
  private static Set<String> sentTo(Worker worker) {
    List<Report.Sent> sent = worker.reports(Report.Sent.class);
    return sent.subList(sent.size() * 3 / 4, sent.size()).stream()
        .map(s -> s.peer().name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean tells(Worker worker) {
    return worker.notices(Report.Severity.INFO).stream().anyMatch(n -> n.contains("tree of sites"));
  }

  @Test
  void overThinLinesAllTurnToTheTree() {
    Simulation cluster = cluster(dlion(), 60_000, 500); // a gradient has 300 entries, a step 17 ms
    cluster.run(1000);
    assertThat(sentTo(cluster.worker(1))).containsExactly("w2", "w3");
    assertThat(sentTo(cluster.worker(2))).containsExactly("w1", "w5");
    assertThat(sentTo(cluster.worker(6))).containsExactly("w5");
    double accuracy = line.evaluate(cluster.worker(1).weights).accuracy();
    assertThat(accuracy).isGreaterThan(0.9);
    for (Worker worker : cluster.workers.values()) {
      assertThat(tells(worker)).as("%s", worker.id).isTrue();
      assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
      assertThat(worker.unconsumed()).isZero();
      assertThat(worker.notices(Report.Severity.WARNING)).isEmpty();
      assertThat(line.evaluate(worker.weights).accuracy()).isCloseTo(accuracy, within(0.05));
    }
  }

  @Test
  void overWideLinesTheMeshStays() {
    Simulation cluster = cluster(dlion(), 20_000, 1e6);
    cluster.run(1000);
    for (Worker worker : cluster.workers.values()) {
      assertThat(tells(worker)).isFalse();
      assertThat(sentTo(worker)).hasSize(WORKERS - 1);
    }
  }

  @Test
  void whoeverWaitsForOthersKeepsTheMesh() {
    Simulation cluster = cluster(dlion().with("sync.mode", "bounded"), 10_000, 500);
    cluster.run(1000);
    assertThat(cluster.workers.values()).noneMatch(TopologyChoiceTest::tells);
  }

  @Test
  void aWorkerThatComesLaterIsToldOfTheTree() {
    Simulation cluster = cluster(dlion(), 60_000, 500);
    cluster.joinsAt(3, cluster.worker(6));
    cluster.run(1000);
    Worker late = cluster.worker(6);
    assertThat(tells(late)).isTrue();
    assertThat(sentTo(late)).containsExactly("w5");
  }
}
