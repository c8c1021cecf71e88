package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.topology.Flood;
import io.dlion.core.topology.Topology;
import io.dlion.core.wire.Control.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Eight workers on every topology. */
class TopologiesTest {
  private static final int WORKERS = 8;
  private static final String EDGES = "w1-w2 w2-w3 w3-w4 w4-w1 w4-w5 w5-w6 w6-w7 w7-w8 w8-w5";

  /** Steps so small that gradients are those at the weights of the start: 0. */
  private static final String TINY = "0.000001";

  private static Map<WorkerId, String> sites() {
    Map<WorkerId, String> sites = new HashMap<>();
    for (int k = 1; k <= WORKERS; k++) {
      sites.put(new WorkerId("w" + k), k <= 3 ? "a" : k <= 6 ? "b" : "c");
    }
    return sites;
  }

  private static Settings settings(String preset, String kind) {
    return Presets.find(preset)
        .settings()
        .with("topology.kind", kind)
        .with("topology.edges", EDGES);
  }

  private static Simulation cluster(Line line, Settings settings, long samples) {
    Goal goal = new Goal(samples, Long.MAX_VALUE, 2);
    return new Simulation(line, settings, WORKERS, goal, 3000, false, sites());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mesh", "ring", "exponential", "hierarchical", "edges", "tree"})
  void eachGradientIsAppliedOnceAndOneIterationLaterPerHop(String kind) {
    Line line = new Line(5, 1);
    Settings plain =
        settings("baseline", kind)
            .with("optimizer.learning-rate", TINY)
            .with("optimizer.momentum", "0")
            .with("optimizer.weight-decay", "0");
    Simulation cluster = cluster(line, plain, Long.MAX_VALUE);
    cluster.run(0.6); // in the middle of a run: at its end nobody waits for those who have ended
    Topology topology = Strategy.of(plain).topology().of(sites());
    for (Worker worker : cluster.workers.values()) {
      assertThat(worker.iterations).isBetween(20L, 40L);
      Map<WorkerId, Integer> hops =
          Flood.hops(topology, worker.id, new TreeSet<>(cluster.workers.keySet()));
      double[] sums = new double[line.layout.size()];
      for (Worker origin : cluster.workers.values()) {
        // What is one hop away is applied in its own iteration, as the own gradient is.
        long applied = worker.iterations - Math.max(0, hops.getOrDefault(origin.id, 0) - 1);
        line.addGradients(
            origin.stream, 0, (int) (32 * applied), new float[line.layout.size()], sums);
      }
      for (int i = 0; i < sums.length; i++) {
        double expected = -1e-6 * sums[i] / (32 * WORKERS);
        assertThat((double) worker.weights[i])
            .as("%s, weight %d", worker.id, i)
            .isCloseTo(expected, within(1e-3 * 1e-6 * 30));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ring,dlion",
    "ring,dlion-paper",
    "ring,hop",
    "ring,gaia",
    "ring,ako",
    "exponential,dlion",
    "exponential,dlion-paper",
    "exponential,hop",
    "exponential,gaia",
    "exponential,ako",
    "hierarchical,dlion",
    "hierarchical,dlion-paper",
    "hierarchical,hop",
    "hierarchical,gaia",
    "hierarchical,ako",
    "edges,dlion",
    "edges,dlion-paper",
    "edges,hop",
    "edges,gaia",
    "edges,ako",
    "tree,dlion",
    "tree,ako",
    "mesh,dlion",
    "mesh,ako"
  })
  void nothingIsLostOrAppliedTwiceByAnyMethod(String kind, String preset) {
    // With one input and all weights near 0 a sample's gradient of the bias is −1 on average, so
    // that the bias tells how many samples a replica has learned from.
    Line line = new Line(1, 1);
    Settings settings =
        settings(preset, kind)
            .with("optimizer.learning-rate", TINY)
            .with("optimizer.momentum", "0")
            .with("optimizer.weight-decay", "0")
            .with("batching.growth", "off")
            .with("batching.local", "fixed")
            .with("batching.initial", "32")
            .with("exchange.anticipation", "off")
            .with("optimizer.averaging", "0") // it lags behind
            .with("transfer.scope", "none");
    Simulation cluster = cluster(line, settings, 40_000);
    cluster.run(1000);
    long computed = cluster.workers.values().stream().mapToLong(w -> 32 * w.iterations).sum();
    int bias = line.layout.variables().get(1).offset();
    for (Worker worker : cluster.workers.values()) {
      assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
      double learned = worker.weights[bias] * 32 * WORKERS / 1e-6;
      assertThat(learned / computed).as("%s", worker.id).isBetween(0.94, 1.04);
      double counted = worker.lastIteration().clusterSamples();
      assertThat(counted / computed).as("%s counts", worker.id).isBetween(0.88, 1.0001);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ring,dlion",
    "exponential,dlion",
    "hierarchical,dlion",
    "edges,dlion",
    "mesh,dlion",
    "ring,baseline",
    "hierarchical,baseline",
    "ring,hop",
    "hierarchical,hop",
    "edges,gaia",
    "hierarchical,gaia",
    "exponential,ako",
    "hierarchical,ako",
    "hierarchical,dlion-paper",
    "tree,dlion",
    "tree,ako"
  })
  void replicasConvergeAndComeTogetherOverThinLinks(String kind, String preset) {
    Line line = new Line(300, 1);
    Settings settings = settings(preset, kind).with("optimizer.learning-rate", "0.0005");
    Simulation cluster = cluster(line, settings, 60_000);
    cluster.bytesPerSecond = (from, to) -> 1e5; // a whole gradient takes 12 ms, a step about 17
    cluster.run(1000);
    double accuracy = line.evaluate(cluster.worker(1).weights).accuracy();
    assertThat(accuracy).isGreaterThan(0.9);
    for (Worker worker : cluster.workers.values()) {
      assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
      assertThat(worker.unconsumed()).isZero();
      assertThat(line.evaluate(worker.weights).accuracy()).isCloseTo(accuracy, within(0.03));
      assertThat(worker.notices(Report.Severity.WARNING)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ring,dlion", "exponential,dlion", "hierarchical,dlion", "edges,dlion", "hierarchical,hop",
    "ring,hop", "hierarchical,baseline", "edges,baseline", "ring,gaia", "hierarchical,ako",
    "tree,dlion"
  })
  void afterAGatewayOrRootHasLeftTheOthersGoOnTogether(String kind, String preset) {
    Line line = new Line(20, 1);
    Settings settings = settings(preset, kind).with("optimizer.learning-rate", "0.01");
    Simulation cluster = cluster(line, settings, 60_000);
    cluster.at(0.5, () -> cluster.crash(cluster.worker(1))); // root, and gateway of site a
    cluster.at(0.9, () -> cluster.worker(4).stop(Reason.REQUEST)); // gateway of site b
    cluster.run(1000);
    for (int k : List.of(2, 3, 5, 6, 7, 8)) {
      Worker worker = cluster.worker(k);
      assertThat(worker.finished).as("%s", worker.id).isEqualTo(Reason.EPOCHS);
      assertThat(worker.unconsumed()).isZero();
      assertThat(line.evaluate(worker.weights).accuracy()).isGreaterThan(0.95);
      assertThat(worker.iterations).isGreaterThan(100);
    }
    long computed = cluster.workers.values().stream().mapToLong(TopologiesTest::samples).sum();
    for (int k : List.of(2, 3, 5, 6, 7, 8)) {
      double counted = cluster.worker(k).lastIteration().clusterSamples();
      assertThat(counted / computed).as("w%d counts", k).isBetween(0.85, 1.05);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ring", "hierarchical", "tree"})
  void aRestoredRunCountsOnFromWhereItWas(String kind) {
    Line line = new Line(20, 1);
    Settings settings = settings("dlion", kind).with("checkpoint.every", "0.5");
    Simulation whole = cluster(line, settings, 9000);
    whole.run(1000);
    Simulation again = cluster(line, settings, 20_000);
    long before = 0;
    for (int k = 1; k <= WORKERS; k++) {
      Checkpoint last = whole.worker(k).saved.getLast();
      before += Long.parseLong(last.state().getOrDefault("samples", "0"));
      again.worker(k).node.restore(last);
    }
    again.run(1000);
    long computed = again.workers.values().stream().mapToLong(TopologiesTest::samples).sum();
    assertThat(before).isGreaterThan(8000);
    for (Worker worker : again.workers.values()) {
      assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
      double counted = worker.lastIteration().clusterSamples();
      assertThat(counted / (before + computed)).isBetween(0.9, 1.0001);
    }
  }

  private static long samples(Worker worker) {
    return worker.reports(Report.Iteration.class).stream().mapToLong(i -> i.batchSize()).sum();
  }
}
