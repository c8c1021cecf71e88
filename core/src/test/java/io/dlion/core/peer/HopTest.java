package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.Seeded;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Goal;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backup workers and token queues, on whole clusters. */
class HopTest {
  private static final Line LINE = new Line(200, 1);

  private static Settings hop() {
    return Presets.find("hop").settings().with("optimizer.learning-rate", "0.002");
  }

  private static Simulation cluster(Settings settings, int workers, long samples) {
    return new Simulation(LINE, settings, workers, new Goal(samples, Long.MAX_VALUE, 2));
  }

  private static void randomise(Simulation cluster, SplittableRandom random) {
    cluster.latencyNanos = (from, to) -> random.nextLong(30_000_000);
    double[] rates = {2e4, 1e5, 1e8}; // a gradient takes 50 ms, 10 ms, nothing
    for (Worker worker : cluster.workers.values()) {
      worker.betaSeconds = 0.0001 * (1 + random.nextInt(10));
    }
    long seed = random.nextLong();
    cluster.bytesPerSecond =
        (from, to) ->
            rates[new SplittableRandom(seed + 31L * from.hashCode() + to.hashCode()).nextInt(3)];
  }

  @Test
  void neitherTheBoundNorTheTokensNorTheQueuesAreEverExceeded() {
    Seeded.check(
        25,
        random -> {
          int bound = random.nextInt(6);
          int backup = 1 + random.nextInt(2);
          int tokens = 1 + random.nextInt(8);
          Settings settings =
              hop()
                  .with("sync.bound", Integer.toString(bound))
                  .with("sync.backup", Integer.toString(backup))
                  .with("sync.tokens", Integer.toString(tokens));
          Simulation cluster = cluster(settings, 4, 9000);
          randomise(cluster, random);
          cluster.onReceive =
              (worker, from, payload) ->
                  Opened.gradient(payload, LINE.layout)
                      .ifPresent(gradient -> {
                        long iteration = gradient.header().iteration();
                        assertThat(worker.newest.getOrDefault(from, -1L))
                            .as("every gradient arrives")
                            .isEqualTo(iteration - 1);
                        worker.newest.put(from, iteration);
                        assertThat(iteration)
                            .as("none comes too late")
                            .isGreaterThanOrEqualTo(worker.iterations - 1 - 2L * tokens);
                      });
          cluster.onCompute =
              worker -> {
                List<Worker> live =
                    cluster.workers.values().stream()
                        .filter(p -> p != worker && p.finished == null && worker.finished == null)
                        .toList();
                assertThat(
                        live.stream()
                            .filter(p -> newest(worker, p) < worker.iterations - 1 - bound))
                    .hasSizeLessThanOrEqualTo(backup);
                for (Worker peer : live) {
                  long begun = Math.max(0, peer.gradients - 1);
                  assertThat(worker.iterations).isLessThanOrEqualTo(begun + tokens);
                  // The newest of its gradients, iteration − 1, and what of them has arrived.
                  assertThat(worker.iterations - 1 - newest(peer, worker))
                      .isLessThanOrEqualTo(tokens);
                }
              };
          cluster.run(1000);
          for (Worker worker : cluster.workers.values()) {
            assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
            assertThat(worker.unconsumed()).isZero();
          }
        });
  }

  private static long newest(Worker at, Worker of) {
    return at.newest.getOrDefault(of.id, -1L);
  }

  /** How many iterations the first worker is ahead of the last ones when these hang. */
  private static long lead(Settings settings, int hanging) {
    Simulation cluster = cluster(settings, 4, 90_000);
    for (int k = 0; k < hanging; k++) {
      Worker slow = cluster.worker(4 - k);
      cluster.at(0.5, () -> slow.alphaSeconds = 1e6);
    }
    cluster.run(50);
    Worker first = cluster.worker(1);
    long lead = first.iterations - cluster.worker(4).iterations;
    assertThat(first.finished).isNull();
    cluster.at(
        60, () -> cluster.workers.values().stream().skip(4 - hanging).forEach(cluster::crash));
    cluster.run(1000);
    assertThat(first.finished).as("nobody waits for those that have gone").isEqualTo(Reason.EPOCHS);
    return lead;
  }

  @Test
  void aBackupWorkerIsPassedUntilTokensRunOut() {
    // Worker 4 hangs in iteration h. Its last gradient is h − 1: iteration h + 5 may still start,
    // h + 6 may not, so h + 6 iterations end.
    assertThat(lead(hop().with("sync.backup", "0"), 1)).isEqualTo(6);
    // Its newest token is h: iteration h + 8 may start and end.
    assertThat(lead(hop(), 1)).isEqualTo(9);
    assertThat(lead(hop().with("sync.tokens", "12"), 1)).isEqualTo(13);
    assertThat(lead(hop(), 2)).as("one more than there are backups").isEqualTo(6);
    assertThat(lead(hop().with("sync.backup", "2"), 2)).isEqualTo(9);
  }

  @Test
  void workersRestoredAtDifferentIterationsGoOnTogether() {
    Settings settings = hop().with("checkpoint.every", "0.16");
    Simulation whole = cluster(settings, 3, 9000);
    whole.run(1000);
    Simulation again = cluster(settings, 3, 9000);
    for (int k = 1; k <= 3; k++) {
      again.worker(k).node.restore(whole.worker(k).saved.get(2 * k)); // w1 is far behind w3
    }
    again.run(1000);
    for (Worker worker : again.workers.values()) {
      assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
    }
  }

  /**
   * A chain of workers of whom the first needs a second for a step: each of the others is as far
   * ahead of the one before it as tokens allow when one of them goes, and those at its two sides
   * become neighbours.
   */
  private static Simulation chain() {
    Settings settings =
        hop().with("topology.kind", "edges").with("topology.edges", "w1-w2 w2-w3 w3-w4 w4-w5");
    Simulation cluster = cluster(settings, 5, 90_000);
    cluster.worker(1).alphaSeconds = 1;
    return cluster;
  }

  private static void assertNobodyWaitsLongAfterOneHasGone(Simulation cluster) {
    cluster.run(120);
    for (Worker worker : cluster.workers.values()) {
      double longest =
          worker.reports(Report.Iteration.class).stream()
              .filter(r -> r.atNanos() > 60e9)
              .mapToDouble(r -> r.waitNanos() / 1e9)
              .max()
              .orElse(0);
      assertThat(longest).as("%s", worker.id).isLessThan(3);
      assertThat(worker.gone || worker.lastIteration().atNanos() > 115e9).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void whoBecomesTheNeighbourOfOneFarBehindNeedNotWaitUntilThatHasCaughtUp(int crashing) {
    Simulation cluster = chain();
    cluster.at(60, () -> cluster.crash(cluster.worker(crashing)));
    assertNobodyWaitsLongAfterOneHasGone(cluster);
  }

  @Test
  void whoIsFarBehindMayHearOfItBeforeItKnowsThatItHasBecomeANeighbour() {
    Simulation cluster = chain();
    cluster.latencyNanos =
        (from, to) -> from.name().equals("w2") && to.name().equals("w1") ? 500_000_000 : 1_000_000;
    cluster.at(60, () -> cluster.worker(2).stop(Reason.REQUEST));
    assertNobodyWaitsLongAfterOneHasGone(cluster);
  }

  @Test
  void aThinLinkCarriesEveryGradientAndReplicasStayTogether() {
    Simulation cluster = cluster(hop(), 3, 30_000);
    cluster.bytesPerSecond =
        (from, to) -> from.equals(new WorkerId("w1")) && to.equals(new WorkerId("w2")) ? 2e4 : 1e8;
    cluster.run(1000);
    Worker first = cluster.worker(1);
    assertThat(first.finished).isEqualTo(Reason.EPOCHS);
    assertThat(first.reports(Report.Sent.class).stream().filter(s -> s.peer().name().equals("w2")))
        .hasSizeGreaterThanOrEqualTo((int) first.iterations);
    for (int i = 0; i < first.weights.length; i++) {
      assertThat(cluster.worker(2).weights[i] - first.weights[i]).isBetween(-0.05f, 0.05f);
    }
  }

  @Test
  void backupWorkersWithoutTokensAreRefused() {
    Settings settings = hop().with("sync.tokens", "0");
    assertThatThrownBy(() -> Strategy.of(settings).synchronization())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("sync.backup=1")
        .hasMessageContaining("sync.tokens=8");
    assertThat(Strategy.of(settings.with("sync.mode", "asynchronous")).synchronization().ordered())
        .isFalse();
  }
}
