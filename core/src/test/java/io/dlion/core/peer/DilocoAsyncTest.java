package io.dlion.core.peer;

import static io.dlion.core.peer.LocalRuns.LINE;
import static io.dlion.core.peer.LocalRuns.STEPS;
import static io.dlion.core.peer.LocalRuns.assertFinished;
import static io.dlion.core.peer.LocalRuns.assertNear;
import static io.dlion.core.peer.LocalRuns.cluster;
import static io.dlion.core.peer.LocalRuns.preset;
import static io.dlion.core.peer.LocalRuns.randomise;
import static io.dlion.core.peer.LocalRuns.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.HeaderExtension.Kind;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Local steps for which nobody waits, in whole clusters under a virtual clock. */
class DilocoAsyncTest {
  private static Settings async() {
    return preset("diloco-async");
  }

  private static Settings exact() {
    return async().with("exchange.values", "fp32");
  }

  private static GradientMessage parse(Payload payload) {
    try {
      return GradientMessage.parse(payload, LINE.layout);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  // ---- what is computed

  /** Equal workers that all wait for all do what DiLoCo does, momentum included. */
  @Test
  void withAQuorumOfAllEqualWorkersItIsDiloco() {
    for (int workers : new int[] {1, 2, 4}) {
      Map<String, String> same =
          Map.of(
              "batching.local", "fixed",
              "exchange.values", "fp32",
              "outer.learning-rate", "0.7",
              "outer.momentum", "0.9");
      Simulation together = cluster(preset("diloco").with(same), workers, 12_000);
      run(together);
      Simulation apart = cluster(async().with(same).with("local.quorum", "1"), workers, 12_000);
      run(apart);
      for (Worker worker : apart.workers.values()) {
        assertThat(worker.iterations).isEqualTo(together.worker(1).iterations);
        assertThat(worker.weights).containsExactly(together.worker(1).weights, within(1e-4f));
      }
      assertThat(apart.worker(1).weights[0]).as("it has learned").isNegative();
    }
  }

  /**
   * A worker's weights are where all began, less what it has contributed and what has come to it,
   * each once. What it has contributed is what each of its links has carried in all, however often
   * that link was busy. So two workers to which the same has come have the same weights.
   */
  @Test
  void weightsAreASumOfWhatWasContributedWhateverCameLate() {
    int[] gathered = {0};
    Seeded.check(
        20,
        random -> {
          int workers = 2 + random.nextInt(3);
          Settings settings =
              exact()
                  .with("local.quorum", Double.toString(random.nextInt(3) * 0.4))
                  .with("outer.momentum", random.nextBoolean() ? "0.5" : "0")
                  .with("outer.delay", Integer.toString(1 + random.nextInt(3)));
          Goal goal = new Goal(Long.MAX_VALUE, 4_000_000_000L, 2); // nobody leaves before others
          Simulation cluster = new Simulation(LINE, settings, workers, goal);
          randomise(cluster, random);
          WorkerId far = new WorkerId("w1");
          cluster.bytesPerSecond = (from, to) -> from.equals(far) || to.equals(far) ? 800 : 1e6;
          Map<WorkerId, double[]> sent = new HashMap<>(); // over the link to one of its peers
          Map<WorkerId, double[]> came = new HashMap<>();
          cluster.tamper =
              (from, to, payload) -> {
                if (Frame.isOf(MessageType.GRADIENT, payload)) {
                  GradientMessage message = parse(payload);
                  WorkerId first = new WorkerId(from.equals(far) ? "w2" : "w1");
                  if (to.equals(first)) {
                    add(sent, from, message);
                  }
                  boolean open = worker(cluster, to).finished == null;
                  if (open) {
                    add(came, to, message);
                  }
                  gathered[0] += message.header().extension().get(Kind.ROUNDS, 1) > 1 ? 1 : 0;
                }
                return List.of(payload);
              };
          cluster.run(1000);
          for (Worker worker : cluster.workers.values()) {
            assertFinished(worker, Reason.TIME);
            assertThat(worker.notices(Severity.WARNING)).isEmpty();
            for (int i = 0; i < worker.weights.length; i++) {
              double expected = -sum(sent, worker.id)[i] - sum(came, worker.id)[i];
              assertThat((double) worker.weights[i]).isCloseTo(expected, within(1e-3));
            }
          }
        });
    assertThat(gathered[0]).as("messages of several rounds").isGreaterThan(20);
  }

  private static Worker worker(Simulation cluster, WorkerId id) {
    return cluster.worker(id.name().charAt(1) - '0');
  }

  private static double[] sum(Map<WorkerId, double[]> sums, WorkerId of) {
    return sums.computeIfAbsent(of, id -> new double[LINE.layout.size()]);
  }

  private static void add(Map<WorkerId, double[]> sums, WorkerId to, GradientMessage message) {
    float[] values = new float[LINE.layout.size()];
    message.addTo(values, 1);
    double[] all = sum(sums, to);
    for (int i = 0; i < values.length; i++) {
      all[i] += values[i];
    }
  }

  // ---- who waits

  @Test
  void slowWorkersTakeFewerStepsAndRoundsTakeEquallyLong() {
    Simulation cluster = cluster(async(), 3, 40_000);
    for (int k = 1; k <= 3; k++) {
      cluster.worker(k).alphaSeconds = 0;
      cluster.worker(k).betaSeconds = 0.001 * (1 << (k - 1));
    }
    run(cluster);
    int[] steps = {8, 4, 2};
    for (int k = 1; k <= 3; k++) {
      Worker worker = cluster.worker(k);
      Report.Iteration last = worker.lastIteration();
      assertThat(last.computeNanos() / 1e9).isCloseTo(STEPS * 0.032, within(1e-3));
      assertThat((double) worker.gradients / worker.iterations)
          .isCloseTo(steps[k - 1], within(0.3));
    }
  }

  @Test
  void nobodyWaitsForASlowWorkerOrAThinLink() {
    Settings steady = async().with("local.by-speed", "off");
    Simulation cluster = cluster(steady, 4, 100_000);
    cluster.worker(4).betaSeconds *= 10;
    WorkerId far = new WorkerId("w3");
    cluster.bytesPerSecond = (from, to) -> from.equals(far) || to.equals(far) ? 100 : 1e6;
    run(cluster);
    for (int k : new int[] {1, 2}) {
      Worker worker = cluster.worker(k);
      assertThat(worker.notices(Severity.WARNING)).isEmpty();
      assertThat(worker.reports(Report.Iteration.class))
          .allMatch(i -> i.waitNanos() <= 0.12 * i.computeNanos() + 5e6);
      assertThat(worker.iterations).isGreaterThan(5 * cluster.worker(4).iterations);
    }
    for (Worker worker : cluster.workers.values()) {
      assertNear(worker, 0.9);
    }
    for (Report.Sent s : cluster.worker(1).reports(Report.Sent.class)) {
      assertThat(s.bytes()).as("however many rounds").isLessThan(200);
    }
  }

  @Test
  void whoWaitsForAQuorumSaysSoAndIsNotHeldUpForEver() {
    Simulation cluster = cluster(async().with("local.quorum", "1"), 3, 60_000);
    WorkerId silent = new WorkerId("w2");
    cluster.tamper =
        (from, to, payload) ->
            from.equals(silent)
                    && cluster.nowNanos() < 40e9
                    && cluster.nowNanos() > 1e9
                    && Frame.isOf(MessageType.GRADIENT, payload)
                ? List.of()
                : List.of(payload);
    run(cluster);
    for (int k : new int[] {1, 3}) {
      assertThat(cluster.worker(k).iterations).isGreaterThan(30);
      assertThat(cluster.worker(k).notices(Severity.WARNING))
          .isNotEmpty()
          .allMatch(n -> n.startsWith("gradients of w2 up to iteration"));
      assertNear(cluster.worker(k), 0.9);
    }
  }

  // ---- who comes and goes

  @Test
  void workersThatCrashComeLateOrWereApartDoNotHarm() {
    Seeded.check(
        20,
        random -> {
          Simulation cluster = cluster(async(), 5, 100_000);
          randomise(cluster, random);
          Worker lost = cluster.worker(2);
          cluster.at(0.5 + random.nextDouble(), () -> cluster.crash(lost));
          Worker late = cluster.worker(4);
          cluster.joinsAt(0.3 + random.nextDouble(), late);
          cluster.partition(1.5, 2 + random.nextDouble(), cluster.worker(1));
          cluster.run(1000);
          for (Worker worker : cluster.workers.values()) {
            if (worker != lost) {
              assertFinished(worker, Reason.EPOCHS);
              assertThat(worker.iterations).isPositive();
              assertNear(worker, 0.8);
            }
          }
        });
  }

  @Test
  void aRunThatIsRestoredGoesOn() {
    Settings settings = async().with("outer.momentum", "0.5").with("local.overlap", "2");
    Simulation whole = cluster(settings, 3, 30_000);
    run(whole);
    Simulation again = cluster(settings, 3, 30_000);
    for (int k = 1; k <= 3; k++) {
      Checkpoint saved = whole.worker(k).saved.get(4);
      assertThat(saved.memories()).containsKeys("velocity", "outer-velocity", "global");
      again.worker(k).node.restore(saved);
    }
    run(again);
    for (int k = 1; k <= 3; k++) {
      assertThat(again.worker(k).gradients).isLessThan(whole.worker(k).gradients);
      assertNear(again.worker(k), 0.9);
    }
  }

  // ---- with other settings

  @ParameterizedTest
  @CsvSource({
    "exchange.values, bf16",
    "exchange.values, int4",
    "exchange.values, int2",
    "exchange.feedback, 0.9",
    "local.overlap, 3",
    "outer.staleness-discount, 0",
    "batching.local, adaptive",
    "optimizer.kind, adamw"
  })
  void itComposesWith(String key, String value) {
    Settings settings = async().with(key, value);
    for (boolean chunks : new boolean[] {false, true}) {
      Settings with =
          chunks
              ? settings
                  .with("exchange.method", "chunks")
                  .with("exchange.chunk", "8")
                  .with("exchange.chunk-kept", "2")
                  .with("exchange.feedback", "0.95")
              : settings;
      Simulation cluster = cluster(with, 3, 60_000);
      randomise(cluster, new SplittableRandom(3));
      run(cluster);
      for (Worker worker : cluster.workers.values()) {
        assertThat(worker.notices(Severity.WARNING)).isEmpty();
        assertNear(worker, 0.8);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "exchange.method, max-n, full or chunks",
    "sync.mode, bounded, asynchronous",
    "sync.tokens, 4, 0",
    "sync.barrier, on, off",
    "local.fragments, 2, 1",
    "batching.weighting, relative, samples"
  })
  void whatItCannotHaveIsAnErrorThatSaysWhatToDo(String key, String value, String needed) {
    assertThatThrownBy(() -> Strategy.of(async().with(key, value)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(key + "=" + value + ": expected " + needed + " with local.quorum=0.5")
        .hasMessageContaining("or local.quorum=all");
  }

  @Test
  void pairsCannotGoOnWithoutEachOther() {
    assertThatThrownBy(() -> Strategy.of(async().with("gossip.pairs", "on")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("gossip.pairs=on");
  }
}
