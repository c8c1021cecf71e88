package io.dlion.core.peer;

import static io.dlion.core.peer.LocalRuns.LINE;
import static io.dlion.core.peer.LocalRuns.STEPS;
import static io.dlion.core.peer.LocalRuns.assertFinished;
import static io.dlion.core.peer.LocalRuns.cluster;
import static io.dlion.core.peer.LocalRuns.preset;
import static io.dlion.core.peer.LocalRuns.randomise;
import static io.dlion.core.peer.LocalRuns.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Local steps between exchanges, and the outer step, in whole clusters under a virtual clock. */
class DilocoTest {
  private static Settings diloco() {
    return preset("diloco");
  }

  private static Settings evenly() {
    return diloco().with("batching.local", "fixed");
  }

  // ---- what is computed

  @Test
  void theNodesComputeWhatAPlainLoopComputes() {
    Seeded.check(
        24,
        random -> {
          int workers = 1 + random.nextInt(4);
          int fragments = 1 + random.nextInt(2);
          int overlap = random.nextInt(4);
          Settings settings = streaming(fragments, overlap).with("exchange.values", "fp32");
          Simulation cluster = cluster(settings, workers, 6000);
          randomise(cluster, random);
          run(cluster);
          Worker first = cluster.worker(1);
          PlainLoop expected =
              new PlainLoop(cluster.workers.values().stream().map(w -> w.batches).toList());
          expected.run(Math.toIntExact(first.iterations), fragments, overlap);
          for (Worker worker : cluster.workers.values()) {
            assertThat(worker.iterations).isEqualTo(first.iterations);
            assertThat(global(worker)).isEqualTo(global(first));
            for (int i = 0; i < expected.size; i++) {
              assertThat((double) global(worker)[i]).isCloseTo(expected.global[i], within(1e-4));
            }
          }
          assertThat(first.weights[0]).as("it has learned").isNegative();
        });
  }

  private static Settings streaming(int fragments, int overlap) {
    return diloco()
        .with("local.fragments", Integer.toString(fragments))
        .with("local.overlap", Integer.toString(overlap))
        .with("local.mixing", "0.25");
  }

  /** The weights that all workers share. */
  private static float[] global(Worker worker) {
    MemorySegment global = worker.saved.getLast().memories().get("global");
    return global == null ? worker.weights : global.toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Streaming DiLoCo with the preset's momenta and weight decay, in double precision. */
  private static final class PlainLoop {
    final int size = LINE.layout.size();
    final List<List<Integer>> batches; // of each worker, one gradient after the other
    final int[] gradients;
    final double[][] w;
    final double[][] velocity;
    final long[] position;
    final double[] global = new double[size];
    final double[] outer = new double[size];

    PlainLoop(List<List<Integer>> batches) {
      this.batches = batches;
      gradients = new int[batches.size()];
      w = new double[batches.size()][size];
      velocity = new double[batches.size()][size];
      position = new long[batches.size()];
    }

    void run(int iterations, int fragments, int overlap) {
      int steps = STEPS / fragments;
      for (int iteration = 0; iteration < iterations; iteration++) {
        double[] mean = new double[size];
        long samples = 0;
        for (int k = 0; k < w.length; k++) {
          long own = 0;
          for (int step = 1; step <= steps; step++) {
            int batch = step(k);
            own += step <= steps - overlap ? batch : 0;
            for (int i = 0; i < size && step == steps - overlap; i++) {
              mean[i] += (global[i] - w[k][i]) * own;
            }
          }
          samples += own;
        }
        for (int i = 0; i < size; i++) {
          mean[i] /= samples;
        }
        double kept = overlap > 0 ? 0.25 : 0;
        for (int i = 0; i < size; i++) {
          // The inputs' weights are the larger variable, then comes the bias.
          if (fragments == 1 || (i < 20) == (iteration % 2 == 0)) {
            outer[i] = 0.9 * outer[i] + mean[i];
            global[i] -= 0.7 * (mean[i] + 0.9 * outer[i]);
            for (double[] local : w) {
              local[i] = kept * local[i] + (1 - kept) * global[i];
            }
          }
        }
      }
    }

    private int step(int k) {
      int batch = batches.get(k).get(gradients[k]++);
      float[] at = new float[size];
      for (int i = 0; i < size; i++) {
        at[i] = (float) w[k][i];
      }
      double[] sums = new double[size];
      LINE.addGradients(k + 1, position[k], batch, at, sums);
      position[k] += batch;
      for (int i = 0; i < size; i++) {
        velocity[k][i] = 0.9 * velocity[k][i] + sums[i] / Math.max(32, batch) + 0.0005 * w[k][i];
        w[k][i] -= 0.01 * velocity[k][i];
      }
      return batch;
    }
  }

  @Test
  void replicasStayIdenticalWhateverTheFormat() {
    for (String format : List.of("fp32", "bf16", "int8")) {
      Simulation cluster = cluster(diloco().with("exchange.values", format), 3, 60_000);
      randomise(cluster, new SplittableRandom(1));
      run(cluster);
      for (Worker worker : cluster.workers.values()) {
        assertThat(worker.weights).as(format).isEqualTo(cluster.worker(1).weights);
        assertThat(worker.weights[0]).isCloseTo(-1f, within(0.1f));
      }
    }
  }

  @Test
  void roundedGradientsKeepReplicasOfTheBaselineIdenticalToo() {
    for (String format : List.of("bf16", "int8")) {
      Settings baseline = Presets.find("baseline").settings();
      Settings settings =
          baseline.with("exchange.values", format).with("optimizer.learning-rate", "0.01");
      Simulation cluster = cluster(settings, 3, 6000);
      run(cluster);
      for (Worker worker : cluster.workers.values()) {
        assertThat(worker.weights).as(format).isEqualTo(cluster.worker(1).weights);
      }
    }
  }

  @Test
  void aRoundCostsOneMessageOfAByteForEachParameter() {
    Simulation cluster = cluster(diloco(), 3, 6000);
    run(cluster);
    for (Worker worker : cluster.workers.values()) {
      List<Report.Sent> sent = worker.reports(Report.Sent.class);
      assertThat(sent).hasSize(2 * Math.toIntExact(worker.iterations));
      assertThat(sent).allMatch(s -> s.bytes() == EncodedSize.whole(LINE.layout, ValueFormat.INT8));
      assertThat(worker.gradients).isEqualTo(STEPS * worker.iterations);
      assertThat(worker.lastIteration().staleness()).isZero();
      assertThat(worker.lastIteration().clusterSamples())
          .isEqualTo(cluster.worker(1).lastIteration().clusterSamples());
    }
  }

  @Test
  void fastWorkersTakeLargerBatchesSoThatRoundsEndTogether() {
    Simulation cluster = cluster(diloco(), 3, 6000);
    for (int k = 1; k <= 3; k++) {
      cluster.worker(k).alphaSeconds = 0;
      cluster.worker(k).betaSeconds = 0.001 * (1 << (k - 1));
    }
    run(cluster);
    int[] expected = {55, 27, 14}; // 4 : 2 : 1 of 96
    for (int k = 1; k <= 3; k++) {
      Report.Iteration last = cluster.worker(k).lastIteration();
      assertThat(last.batchSize()).isEqualTo(expected[k - 1]);
      assertThat(last.samples())
          .isEqualTo(cluster.worker(k).batches.stream().mapToLong(b -> b).sum());
      assertThat(last.computeNanos() / 1e9).isCloseTo(STEPS * 0.055, within(STEPS * 0.0015));
      assertThat(last.waitNanos() / 1e9).isLessThan(0.02);
    }
  }

  // ---- what is evaluated and saved

  @Test
  void whatIsEvaluatedIsTheReplicaThatAllShare() {
    Goal goal = new Goal(Long.MAX_VALUE, 3_000_000_000L, 2); // in the middle of a round
    Simulation cluster = new Simulation(LINE, evenly(), 3, goal, 600, true);
    randomise(cluster, new SplittableRandom(2));
    cluster.run(1000);
    List<Report.Evaluated> first = cluster.worker(1).reports(Report.Evaluated.class);
    assertThat(first).hasSizeGreaterThan(2);
    for (Worker worker : cluster.workers.values()) {
      assertFinished(worker, Reason.TIME);
      for (Report.Evaluated e : worker.reports(Report.Evaluated.class)) {
        assertThat(first)
            .filteredOn(f -> f.iteration() == e.iteration())
            .isNotEmpty()
            .allMatch(f -> f.loss() == e.loss());
      }
      assertThat(LINE.evaluate(worker.weights).loss())
          .isEqualTo(worker.reports(Report.Evaluated.class).getLast().loss());
    }
  }

  @Test
  void aRunThatIsRestoredEqualsOneThatWasNotInterrupted() {
    Seeded.check(
        12,
        random -> {
          int workers = 1 + random.nextInt(3);
          // int8 rounds at random: only an exact format can be compared.
          Settings settings =
              streaming(1 + random.nextInt(2), random.nextInt(3))
                  .with("batching.local", "fixed")
                  .with("exchange.values", "fp32");
          Simulation whole = cluster(settings, workers, 9000);
          run(whole);
          Simulation again = cluster(settings, workers, 9000);
          long iteration = whole.worker(1).saved.get(2).iteration();
          for (int k = 1; k <= workers; k++) {
            Checkpoint saved =
                whole.worker(k).saved.stream()
                    .filter(c -> c.iteration() == iteration)
                    .findFirst()
                    .orElseThrow();
            assertThat(saved.memories()).containsKeys("velocity", "outer-velocity");
            again.worker(k).node.restore(saved);
          }
          run(again);
          for (int k = 1; k <= workers; k++) {
            assertThat(again.worker(k).iterations).isLessThan(whole.worker(k).iterations);
            assertThat(again.worker(k).weights).isEqualTo(whole.worker(k).weights);
            assertThat(again.worker(k).lastIteration().clusterSamples())
                .isEqualTo(whole.worker(k).lastIteration().clusterSamples());
          }
        });
  }

  @Test
  void anInterruptedRoundIsDoneAgainAfterARestore() {
    Seeded.check(
        20,
        random -> {
          Settings settings =
              streaming(1 + random.nextInt(2), random.nextInt(3)).with("batching.local", "fixed");
          Simulation whole = cluster(settings, 1, 3200);
          run(whole);
          Simulation stopped = cluster(settings, 1, 3200);
          stopped.at(random.nextDouble(), () -> stopped.worker(1).stop(Reason.REQUEST));
          stopped.run(1000);
          assertFinished(stopped.worker(1), Reason.REQUEST);
          Simulation again = cluster(settings, 1, 3200);
          again.worker(1).node.restore(stopped.worker(1).saved.getLast());
          run(again);
          assertThat(again.worker(1).weights).isEqualTo(whole.worker(1).weights);
          assertThat(again.worker(1).lastIteration().samples())
              .isEqualTo(whole.worker(1).lastIteration().samples());
        });
  }

  @Test
  void workersRestoredAtDifferentRoundsGoOnTogether() {
    Simulation whole = cluster(diloco(), 3, 90_000);
    run(whole);
    Simulation again = cluster(diloco(), 3, 90_000);
    for (int k = 1; k <= 3; k++) {
      again.worker(k).node.restore(whole.worker(k).saved.get(60 + 2 * k)); // w1 is far behind w3
    }
    run(again);
    for (Worker worker : again.workers.values()) {
      assertThat(worker.notices(Severity.WARNING)).isEmpty();
      assertThat(worker.weights[0]).isCloseTo(-1f, within(0.2f));
    }
  }

  /** Stopped anywhere, some workers further than others. */
  @Test
  void workersOfARunThatWasStoppedGoOnAsOne() {
    int[] unequal = {0};
    Seeded.check(
        40,
        random -> {
          Settings settings = streaming(1 + random.nextInt(2), random.nextInt(3));
          Simulation stopped = cluster(settings, 3, 30_000);
          randomise(stopped, random);
          double at = 0.5 + random.nextDouble();
          stopped.workers.values().forEach(w -> stopped.at(at, () -> w.stop(Reason.REQUEST)));
          stopped.run(1000);
          Map<WorkerId, Checkpoint> saved = new TreeMap<>();
          stopped.workers.forEach((id, w) -> saved.put(id, w.saved.getLast()));
          unequal[0] +=
              saved.values().stream().mapToLong(Checkpoint::iteration).distinct().count() > 1
                  ? 1
                  : 0;
          Simulation again = cluster(settings, 3, 30_000);
          Map<WorkerId, Checkpoint> aligned =
              Realignment.of(saved, saved.keySet(), Strategy.of(settings));
          assertThat(aligned.values().stream().map(DilocoTest::clusterSamples).distinct())
              .hasSize(1);
          aligned.forEach((id, c) -> Objects.requireNonNull(again.workers.get(id)).node.restore(c));
          run(again);
          Worker first = again.worker(1);
          for (Worker worker : again.workers.values()) {
            assertThat(worker.iterations).isEqualTo(first.iterations);
            assertThat(global(worker)).isEqualTo(global(first));
            assertThat(worker.lastIteration().clusterSamples())
                .isEqualTo(first.lastIteration().clusterSamples());
            assertThat(worker.lastIteration().samples())
                .isGreaterThanOrEqualTo(
                    Objects.requireNonNull(saved.get(worker.id)).number("samples"));
          }
        });
    assertThat(unequal[0]).as("runs stopped at unequal iterations").isPositive();
  }

  private static long clusterSamples(Checkpoint c) {
    return c.number(Tally.ANNOUNCED)
        + c.state().keySet().stream()
            .filter(key -> key.startsWith(Roster.SAMPLES_OF))
            .mapToLong(c::number)
            .sum();
  }

  // ---- who leaves

  @Test
  void theReplicasOfTheOthersStayIdenticalWhenAWorkerLeaves() {
    Seeded.check(
        25,
        random -> {
          Simulation cluster =
              cluster(streaming(1 + random.nextInt(2), random.nextInt(3)), 4, 12_000);
          randomise(cluster, random);
          cluster.at(0.1 + random.nextDouble(), () -> cluster.worker(2).stop(Reason.REQUEST));
          cluster.run(1000);
          for (int k : new int[] {1, 3, 4}) {
            assertFinished(cluster.worker(k), Reason.EPOCHS);
            assertThat(cluster.worker(k).iterations).isEqualTo(cluster.worker(1).iterations);
            assertThat(global(cluster.worker(k))).isEqualTo(global(cluster.worker(1)));
          }
        });
  }

  @Test
  void nobodyWaitsForAWorkerThatCrashesInARound() {
    Seeded.check(
        25,
        random -> {
          Simulation cluster =
              cluster(streaming(1 + random.nextInt(2), random.nextInt(3)), 4, 60_000);
          randomise(cluster, random);
          // Else its last message may reach some of the others, who then differ by it.
          boolean together = random.nextBoolean();
          if (together) {
            cluster.latencyNanos = (from, to) -> 10_000_000;
          }
          Worker lost = cluster.worker(2);
          cluster.at(0.1 + random.nextDouble(), () -> cluster.crash(lost));
          cluster.run(1000);
          for (int k : new int[] {1, 3, 4}) {
            assertFinished(cluster.worker(k), Reason.EPOCHS);
            assertThat(cluster.worker(k).notices(Severity.WARNING)).containsExactly("lost w2");
            assertThat(cluster.worker(k).iterations).isGreaterThan(lost.iterations + 3);
            if (together) {
              assertThat(global(cluster.worker(k))).isEqualTo(global(cluster.worker(1)));
            }
            assertThat(cluster.worker(k).weights[0]).isCloseTo(-1f, within(0.3f));
          }
        });
  }

  @Test
  void aWorkerWhoseLossIsNotFiniteSpreadsNothingOfItsRound() {
    Simulation cluster = cluster(diloco(), 3, 9000);
    cluster.worker(2).notFiniteFrom = 30;
    cluster.run(1000);
    assertFinished(cluster.worker(2), Reason.DIVERGED);
    assertThat(cluster.worker(2).gradients).isEqualTo(33);
    for (int k : new int[] {1, 3}) {
      assertFinished(cluster.worker(k), Reason.EPOCHS);
      assertThat(cluster.worker(k).weights).isEqualTo(cluster.worker(1).weights);
      assertThat(cluster.worker(k).weights[0]).isCloseTo(-1f, within(0.2f));
    }
  }

  @Test
  void aPeerCannotFillTheMemoryWithRoundsToCome() {
    Simulation cluster = cluster(diloco(), 2, 9000);
    cluster.at(
        0.2,
        () -> {
          for (int ahead = 500; ahead < 600; ahead++) {
            cluster.worker(1).receive(new WorkerId("w2"), message(ahead));
          }
          assertThat(cluster.worker(1).unconsumed()).isEqualTo(2);
        });
    cluster.run(0.25);
    assertThat(cluster.worker(1).notices(Severity.WARNING).getLast())
        .contains("came before it can have been computed");
  }

  private static Payload message(long iteration) {
    Selection everything = new Selection(LINE.layout);
    everything.selectAll();
    return new GradientWriter(ValueFormat.FP32, 1)
        .write(
            everything,
            new Nothing(),
            new GradientHeader(iteration, 1, 1, 1, 0, HeaderExtension.NONE),
            Buffers.FRESH);
  }

  /** All zeros. */
  private static final class Nothing implements GradientSource {
    @Override
    public void read(int offset, int count, float[] block) {}

    @Override
    public void sent(int offset, int count, float[] block) {}

    @Override
    public void sent(int offset, int[] indices, float[] values, int first, int end) {}
  }

  // ---- with the other policies

  @Test
  void localStepsComposeWithPartialExchangeAndBoundedStaleness() {
    Seeded.check(
        12,
        random -> {
          Settings settings =
              Presets.find(random.nextBoolean() ? "dlion" : "dlion-paper")
                  .settings()
                  .with("optimizer.learning-rate", "0.01")
                  .with("local.steps", "4")
                  .with("transfer.period", "5")
                  .with("outer.learning-rate", "1")
                  .with("outer.momentum", "0");
          Simulation cluster = cluster(settings, 3, 24_000);
          randomise(cluster, random);
          run(cluster);
          for (Worker worker : cluster.workers.values()) {
            assertThat(worker.notices(Severity.WARNING)).isEmpty();
            assertThat(worker.weights[0]).isCloseTo(-1f, within(0.2f));
          }
        });
  }
}
