package io.dlion.core.peer;

import static io.dlion.core.peer.LocalRuns.LINE;
import static io.dlion.core.peer.LocalRuns.STEPS;
import static io.dlion.core.peer.LocalRuns.assertFinished;
import static io.dlion.core.peer.LocalRuns.assertNear;
import static io.dlion.core.peer.LocalRuns.cluster;
import static io.dlion.core.peer.LocalRuns.preset;
import static io.dlion.core.peer.LocalRuns.randomise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.gossip.Pairing;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Local steps, and the mean with another peer each round, in clusters under a virtual clock. */
class NolocoTest {
  /** Of every run of a simulation. */
  private static final long SEED = 7;

  private static Settings noloco() {
    return preset("noloco");
  }

  // ---- what is computed

  @Test
  void theNodesComputeWhatAPlainLoopComputes() {
    Seeded.check(
        24,
        random -> {
          int workers = 1 + random.nextInt(6);
          Settings settings =
              noloco()
                  .with("batching.local", random.nextBoolean() ? "fixed" : "adaptive")
                  .with("gossip.consensus-rate", random.nextBoolean() ? "0.7" : "1.1");
          Simulation cluster = cluster(settings, workers, 6000L * workers);
          randomise(cluster, random);
          cluster.run(1000);
          PlainLoop expected = new PlainLoop(cluster, settings.number("gossip.consensus-rate"));
          expected.run();
          int compared = 0;
          for (Worker worker : cluster.workers.values()) {
            assertFinished(worker, Reason.EPOCHS);
            assertThat(worker.notices(Severity.WARNING)).as("nobody waits at the end").isEmpty();
            assertNear(worker, 0.8);
            for (Checkpoint c : worker.saved) {
              if (c.iteration() > 0 && c.iteration() < expected.rounds.size()) {
                double[] weights = expected.after(worker, c.iteration());
                for (int i = 0; i < weights.length; i++) {
                  assertThat((double) c.weights().getAtIndex(ValueLayout.JAVA_FLOAT, i))
                      .isCloseTo(weights[i], within(1e-4));
                }
                compared++;
              }
            }
          }
          assertThat(compared).isGreaterThan(10);
        });
  }

  /** The paper's rounds for all workers, with its two means, in double precision. */
  private static final class PlainLoop {
    final int size = LINE.layout.size();
    final List<Worker> workers;
    final double gamma;
    final Pairing pairing = new Pairing(SEED);
    final double[][] inner; // velocities
    final double[][] outer;
    final double[][] w;
    final long[] position;
    final int[] gradients;
    final List<Map<WorkerId, double[]>> rounds = new ArrayList<>();

    PlainLoop(Simulation cluster, double gamma) {
      this.workers = List.copyOf(cluster.workers.values());
      this.gamma = gamma;
      int n = workers.size();
      inner = new double[n][size];
      outer = new double[n][size];
      w = new double[n][size];
      position = new long[n];
      gradients = new int[n];
    }

    double[] after(Worker worker, long iterations) {
      return Objects.requireNonNull(rounds.get((int) iterations - 1).get(worker.id));
    }

    /** Those rounds that all have ended: at the end of the run some end one alone. */
    void run() {
      long all = workers.stream().mapToLong(worker -> worker.iterations).min().orElseThrow();
      for (long round = 0; round < all; round++) {
        double[][] local = new double[w.length][];
        for (int k = 0; k < w.length; k++) {
          local[k] = localSteps(k);
        }
        rounds.add(step(round, local));
      }
    }

    private double[] localSteps(int k) {
      double[] at = w[k].clone();
      for (int step = 0; step < STEPS; step++) {
        int batch = workers.get(k).batches.get(gradients[k]++);
        float[] rounded = new float[size];
        for (int i = 0; i < size; i++) {
          rounded[i] = (float) at[i];
        }
        double[] sums = new double[size];
        LINE.addGradients(k + 1, position[k], batch, rounded, sums);
        position[k] += batch;
        for (int i = 0; i < size; i++) {
          double g = sums[i] / Math.max(32, batch) + 0.0005 * at[i];
          inner[k][i] = 0.9 * inner[k][i] + g;
          at[i] -= 0.01 * inner[k][i];
        }
      }
      return at;
    }

    private Map<WorkerId, double[]> step(long round, double[][] local) {
      double[][] before = new double[w.length][];
      for (int k = 0; k < w.length; k++) {
        before[k] = w[k].clone();
      }
      Map<WorkerId, double[]> after = new HashMap<>();
      for (int k = 0; k < w.length; k++) {
        int j = partner(k, round);
        for (int i = 0; i < size; i++) {
          double distance = (local[k][i] - before[k][i] + local[j][i] - before[j][i]) / 2;
          double pull = (before[k][i] + before[j][i]) / 2 - before[k][i];
          outer[k][i] = 0.5 * outer[k][i] + 0.7 * distance + gamma * pull;
          w[k][i] += outer[k][i];
        }
        after.put(workers.get(k).id, w[k].clone());
      }
      return after;
    }

    /** Itself where it has none. */
    private int partner(int k, long round) {
      List<WorkerId> ids = workers.stream().map(o -> o.id).toList();
      WorkerId self = ids.get(k);
      List<WorkerId> others = ids.stream().filter(id -> !id.equals(self)).toList();
      return pairing.partner(self, others, round).map(ids::indexOf).orElse(k);
    }
  }

  /** They are not equal, but near each other: the pull is stronger than what drives them apart. */
  @ParameterizedTest
  @ValueSource(ints = {2, 5, 8})
  void replicasStayNearEachOther(int workers) {
    Simulation cluster = cluster(noloco(), workers, 16_000L * workers);
    randomise(cluster, new SplittableRandom(workers));
    cluster.run(1000);
    for (Worker worker : cluster.workers.values()) {
      assertFinished(worker, Reason.EPOCHS);
      assertNear(worker, 0.95);
      for (int i = 0; i < worker.weights.length; i++) {
        assertThat(worker.weights[i]).isCloseTo(cluster.worker(1).weights[i], within(0.1f));
      }
    }
    // Two always have each other, and the same weights.
    boolean equal = Arrays.equals(cluster.worker(2).weights, cluster.worker(1).weights);
    assertThat(equal).isEqualTo(workers == 2);
  }

  @Test
  void aRoundCostsOneModelToOnePeerAndAWordToTheOthers() {
    Simulation cluster = cluster(noloco(), 5, 12_000);
    cluster.run(1000);
    long whole = EncodedSize.whole(LINE.layout, ValueFormat.FP32);
    int alone = 0;
    for (Worker worker : cluster.workers.values()) {
      assertFinished(worker, Reason.EPOCHS);
      Map<Long, Long> models = new HashMap<>();
      List<Report.Sent> sent = worker.reports(Report.Sent.class);
      for (Report.Sent s : sent) {
        models.merge(s.iteration(), s.bytes() == whole ? 1L : 0L, Long::sum);
        assertThat(s.bytes() == whole || s.bytes() < 60).isTrue();
      }
      assertThat(sent).hasSize(4 * models.size());
      assertThat(models.values()).allMatch(n -> n <= 1);
      alone += (int) models.values().stream().filter(n -> n == 0).count();
      // All count everybody's samples, met or not.
      assertThat(worker.lastIteration().clusterSamples())
          .isCloseTo(cluster.worker(1).lastIteration().clusterSamples(), within(2L * 5 * 8 * 32));
    }
    assertThat(alone).as("one of five pauses").isPositive();
  }

  // ---- who goes, comes, or is silent

  @Test
  void nobodyWaitsForAWorkerThatCrashesInARound() {
    Seeded.check(
        25,
        random -> {
          Simulation cluster = cluster(noloco(), 4 + random.nextInt(2), 60_000);
          randomise(cluster, random);
          Worker lost = cluster.worker(2);
          cluster.at(0.1 + random.nextDouble(), () -> cluster.crash(lost));
          cluster.run(1000);
          for (Worker worker : cluster.workers.values()) {
            if (worker != lost) {
              assertFinished(worker, Reason.EPOCHS);
              assertThat(worker.notices(Severity.WARNING)).containsExactly("lost w2");
              assertThat(worker.iterations).isGreaterThan(lost.iterations + 3);
              assertNear(worker, 0.9);
            }
          }
        });
  }

  /** It trains, but nothing of it arrives: its partners say for whom they wait, and go on. */
  @Test
  void aSilentPartnerIsNamedAndNotWaitedForForEver() {
    Simulation cluster = cluster(noloco(), 4, 100_000);
    WorkerId silent = new WorkerId("w2");
    cluster.tamper =
        (from, to, payload) ->
            from.equals(silent)
                    && cluster.nowNanos() < 20e9
                    && cluster.nowNanos() > 1e9
                    && (Frame.isOf(MessageType.GRADIENT, payload)
                        || Frame.isOf(MessageType.PROGRESS, payload))
                ? List.of()
                : List.of(payload);
    cluster.run(1000);
    List<String> notices = new ArrayList<>();
    for (Worker worker : cluster.workers.values()) {
      assertFinished(worker, Reason.EPOCHS);
      assertThat(worker.iterations).isGreaterThan(60);
      assertNear(worker, 0.9);
      if (!worker.id.equals(silent)) {
        notices.addAll(worker.notices(Severity.WARNING));
      }
    }
    assertThat(notices).isNotEmpty().allMatch(n -> n.startsWith("gradients of w2 up to iteration"));
  }

  @Test
  void aSlowWorkerIsPartOfItAndNamedWhereItIsWaitedFor() {
    Settings fixed = noloco().with("batching.local", "fixed");
    Simulation cluster = cluster(fixed, 4, 100_000);
    cluster.worker(3).alphaSeconds = 2;
    cluster.run(4000);
    List<String> notices = new ArrayList<>();
    for (Worker worker : cluster.workers.values()) {
      assertFinished(worker, Reason.EPOCHS);
      assertThat(worker.notices(Severity.WARNING)).isEmpty();
      assertNear(worker, 0.9);
      notices.addAll(worker.notices(Severity.INFO));
    }
    assertThat(notices).anyMatch(n -> n.matches("has waited \\d+ s for the gradient of w3"));
  }

  @Test
  void whoComesLateCatchesUpAndBecomesAPartner() {
    Seeded.check(
        20,
        random -> {
          Simulation cluster = cluster(noloco(), 4, 60_000);
          randomise(cluster, random);
          Worker late = cluster.worker(4);
          cluster.joinsAt(0.3 + random.nextDouble(), late);
          List<WorkerId> met = new ArrayList<>();
          cluster.onReceive =
              (worker, from, payload) -> {
                if (worker == late && Frame.isOf(MessageType.GRADIENT, payload)) {
                  met.add(from);
                }
              };
          cluster.run(1000);
          for (Worker worker : cluster.workers.values()) {
            assertFinished(worker, Reason.EPOCHS);
            assertThat(worker.notices(Severity.WARNING)).isEmpty();
            assertNear(worker, 0.9);
          }
          assertThat(late.iterations).isPositive().isLessThan(cluster.worker(1).iterations);
          assertThat(met).contains(new WorkerId("w1"), new WorkerId("w2"), new WorkerId("w3"));
        });
  }

  @Test
  void whoWereApartMeetAgain() {
    Seeded.check(
        15,
        random -> {
          Simulation cluster = cluster(noloco(), 5, 120_000);
          randomise(cluster, random);
          cluster.partition(0.5, 1.5 + random.nextDouble(), cluster.worker(1), cluster.worker(2));
          cluster.run(1000);
          for (Worker worker : cluster.workers.values()) {
            assertFinished(worker, Reason.EPOCHS);
            assertNear(worker, 0.9);
          }
        });
  }

  @Test
  void aRestoredRunGoesOn() {
    Simulation whole = cluster(noloco(), 3, 24_000);
    whole.run(1000);
    Simulation again = cluster(noloco(), 3, 24_000);
    for (Worker worker : again.workers.values()) {
      List<Checkpoint> saved = whole.worker(worker.id.name().charAt(1) - '0').saved;
      assertThat(saved.get(4).memories()).containsKeys("velocity", "outer-velocity");
      worker.node.restore(saved.get(4));
    }
    again.run(1000);
    for (Worker worker : again.workers.values()) {
      assertFinished(worker, Reason.EPOCHS);
      assertNear(worker, 0.9);
    }
  }

  // ---- settings

  @ParameterizedTest
  @CsvSource({
    "exchange.values, int8, fp32",
    "exchange.values, bf16, fp32",
    "exchange.method, max-n, full",
    "sync.mode, asynchronous, bounded",
    "sync.bound, 3, 0"
  })
  void whatPairsCannotHaveIsAnErrorThatSaysWhatToDo(String key, String value, String needed) {
    assertThatThrownBy(() -> Strategy.of(noloco().with(key, value)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(key + "=" + value + ": expected " + needed + " with gossip.pairs=on")
        .hasMessageContaining("or gossip.pairs=off");
  }

  @Test
  void replicasAreNotPromisedToBeAlike() {
    assertThat(Strategy.of(noloco()).keepsReplicasAlike()).isFalse();
    assertThat(Strategy.of(noloco().with("gossip.pairs", "off").with("exchange.values", "int8")))
        .matches(Strategy::keepsReplicasAlike);
  }
}
