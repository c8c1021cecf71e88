package io.dlion.core.server;

import static io.dlion.core.server.Members.LINE;
import static io.dlion.core.server.Members.accuracy;
import static io.dlion.core.server.Members.assertEndedAlike;
import static io.dlion.core.server.Members.cluster;
import static io.dlion.core.server.Members.commits;
import static io.dlion.core.server.Members.model;
import static io.dlion.core.server.Members.preset;
import static io.dlion.core.server.Members.samples;
import static io.dlion.core.server.Members.seconds;
import static io.dlion.core.server.Members.serves;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.wire.Control.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the methods of the family with a server make of whole runs. */
class MethodsInRunsTest {
  @Test
  void everyPresetEndsWithOneModelThatHasLearned() {
    for (String preset : Members.PRESETS) {
      Seeded.check(
          4,
          random -> {
            Simulation cluster = cluster(preset(preset), 1 + random.nextInt(4), samples(30_000));
            cluster.latencyNanos = (from, to) -> random.nextLong(5_000_000);
            for (Worker worker : cluster.workers.values()) {
              worker.betaSeconds = 0.0001 * (1 + random.nextInt(4));
            }
            cluster.run(1000);
            assertEndedAlike(cluster, Reason.EPOCHS);
            assertThat(accuracy(cluster.worker(1))).as(preset).isGreaterThan(0.9);
            for (Worker worker : cluster.workers.values()) {
              assertThat(worker.iterations).isPositive();
              assertThat(worker.notices(Report.Severity.WARNING)).as(preset).isEmpty();
              assertThat(serves(worker)).hasSize(worker == cluster.worker(1) ? 1 : 0);
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void bulkSynchronousTrainingIsDescentOnTheMeanGradient(int workers) {
    int steps = 50;
    Simulation cluster = cluster(preset("bsp"), workers, samples(32L * steps * workers));
    for (Worker worker : cluster.workers.values()) {
      worker.betaSeconds = 0.0001 * worker.stream;
    }
    cluster.run(1000);
    assertEndedAlike(cluster, Reason.EPOCHS);
    double[] expected = descent(workers, steps);
    float[] found = model(cluster.worker(1));
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  /** SGD with the defaults' weight decay, in double precision. */
  private static double[] descent(int workers, int steps) {
    double[] w = new double[LINE.layout.size()];
    for (int step = 0; step < steps; step++) {
      float[] at = new float[w.length];
      for (int i = 0; i < w.length; i++) {
        at[i] = (float) w[i];
      }
      double[] sums = new double[w.length];
      for (int k = 1; k <= workers; k++) {
        LINE.addGradients(k, 32L * step, 32, at, sums);
      }
      for (int i = 0; i < w.length; i++) {
        w[i] -= 0.01 * (sums[i] / (32.0 * workers) + 0.0005 * w[i]);
      }
    }
    return w;
  }

  @Test
  void fixedPeriodsAreTheMeanOfWhatClientsDidByThemselves() {
    Settings settings = preset("fixed-adacomm").with("commit.steps", "5");
    Simulation cluster = cluster(settings, 3, samples(32L * 5 * 3 * 4));
    cluster.run(1000);
    assertEndedAlike(cluster, Reason.EPOCHS);
    float[] expected = new float[LINE.layout.size()];
    for (int round = 0; round < 4; round++) {
      double[] sum = new double[expected.length];
      for (int k = 1; k <= 3; k++) {
        float[] w = expected.clone();
        for (int step = 5 * round; step < 5 * (round + 1); step++) {
          double[] gradient = new double[w.length];
          LINE.addGradients(k, 32L * step, 32, w, gradient);
          for (int i = 0; i < w.length; i++) {
            w[i] -= (float) (0.01 * (gradient[i] / 32 + 0.0005 * w[i]));
          }
        }
        for (int i = 0; i < w.length; i++) {
          sum[i] += w[i] / 3.0;
        }
      }
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (float) sum[i];
      }
    }
    float[] found = model(cluster.worker(1));
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-5f));
    }
    for (Worker worker : cluster.workers.values()) {
      assertThat(commits(worker)).hasSize(4).allMatch(c -> c.steps() == 5);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void nobodyLeadsTheSlowestByMoreThanTheBound(int bound) {
    Settings settings = preset("ssp").with("server.staleness", Integer.toString(bound));
    Simulation cluster = cluster(settings, 3, samples(20_000));
    cluster.worker(3).betaSeconds = 0.005;
    long[] leads = {0};
    cluster.onCompute =
        worker -> {
          long least =
              cluster.workers.values().stream().mapToLong(w -> w.iterations).min().orElseThrow();
          leads[0] = Math.max(leads[0], worker.iterations - least);
        };
    cluster.run(1000);
    assertEndedAlike(cluster, Reason.EPOCHS);
    assertThat(leads[0]).isEqualTo(bound);
  }

  @Test
  void withAdspNobodyWaitsLongerThanARoundTripAndAllCommitEquallyOften() {
    Settings settings = preset("adsp").with("adsp.period", "1").with("adsp.commits", "4");
    Simulation cluster = cluster(settings, 4, seconds(20.5));
    for (Worker worker : cluster.workers.values()) {
      worker.betaSeconds = 0.0002 * (1 << (worker.stream - 1)); // 1 : 2 : 4 : 8
    }
    cluster.run(1000);
    assertEndedAlike(cluster, Reason.TIME);
    double end = serves(cluster.worker(1)).getFirst() + 20; // of the 20th period
    long most = 0;
    long least = Long.MAX_VALUE;
    for (Worker worker : cluster.workers.values()) {
      List<Report.Iteration> steps = worker.reports(Report.Iteration.class);
      for (Report.Iteration step : steps.subList(1, steps.size())) {
        assertThat(step.waitNanos()).as("wait of %s", worker.id).isLessThan(4_000_000);
      }
      long made = commits(worker).stream().filter(c -> c.atNanos() / 1e9 < end).count();
      most = Math.max(most, made);
      least = Math.min(least, made);
    }
    assertThat(most).isBetween(78L, 82L);
    assertThat(most - least).isLessThanOrEqualTo(2);
    assertThat(cluster.worker(1).iterations).isGreaterThan(6 * cluster.worker(4).iterations);
  }

  @Test
  void adspSearchesItsRate() {
    Simulation cluster = cluster(preset("adsp"), 3, seconds(10));
    cluster.run(1000);
    assertEndedAlike(cluster, Reason.TIME);
    List<Report.Serving> served = cluster.worker(1).reports(Report.Serving.class);
    assertThat(served).anyMatch(r -> r.search().startsWith("probing C = 1"));
    assertThat(served).anyMatch(r -> r.search().startsWith("probing C = 2"));
    assertThat(served.getLast().searches()).isPositive();
    assertThat(served.getLast().search()).as("it is over").isEmpty();
    assertThat(served.getLast().implicitMomentum()).isBetween(0.0, 1.0);
  }

  @Test
  void adacommTriesAllPeriodsFromTheSameModel() {
    Settings settings = preset("adacomm").with("commit.trial", "3");
    Simulation cluster = cluster(settings, 3, seconds(60));
    cluster.run(1000);
    assertEndedAlike(cluster, Reason.TIME);
    List<Integer> tried =
        cluster.worker(1).reports(Report.Serving.class).stream()
            .filter(r -> r.search().startsWith("trying"))
            .map(Report.Serving::commitTarget)
            .distinct()
            .toList();
    assertThat(tried).containsExactly(1, 5, 10, 20, 40, 60, 80, 100);
    assertThat(accuracy(cluster.worker(1))).isGreaterThan(0.9);
  }

  @Test
  void periodsThatDoNotFitIntoATrialAreNotTried() {
    Simulation cluster = cluster(preset("adacomm"), 3, seconds(5)); // a trial is of 0.2 s
    cluster.worker(3).alphaSeconds = 0.015;
    cluster.run(1000);
    assertEndedAlike(cluster, Reason.TIME);
    List<Report.Serving> served = cluster.worker(1).reports(Report.Serving.class);
    assertThat(served).anyMatch(r -> r.search().equals("trying τ = 5"));
    assertThat(served).noneMatch(r -> r.search().equals("trying τ = 20"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bf16", "int8"})
  void roundedCommitsTrainAndTheModelOfTheRunIsExact(String codec) {
    for (String preset : List.of("bsp", "ssp", "fixed-adacomm", "adsp")) {
      Settings settings = preset(preset).with("server.codec", codec);
      Simulation cluster = cluster(settings, 3, samples(40_000));
      cluster.run(1000);
      assertEndedAlike(cluster, Reason.EPOCHS);
      assertThat(accuracy(cluster.worker(1))).as(preset).isGreaterThan(0.95);
    }
  }

  @Test
  void overlappedCommitsTrainWithoutWaiting() {
    for (String preset : List.of("ssp", "fixed-adacomm", "adsp")) {
      Settings settings = preset(preset).with("commit.overlap", "on");
      Simulation cluster = cluster(settings, 3, samples(60_000));
      cluster.latencyNanos = (from, to) -> 5_000_000;
      cluster.run(1000);
      assertEndedAlike(cluster, Reason.EPOCHS);
      assertThat(accuracy(cluster.worker(1))).as(preset).isGreaterThan(0.95);
      if (preset.equals("adsp")) {
        List<Report.Iteration> steps = cluster.worker(2).reports(Report.Iteration.class);
        assertThat(steps.subList(1, steps.size())).allMatch(s -> s.waitNanos() == 0);
      }
    }
  }

  @Test
  void batchesByInverseStepTimesMakeStepsEquallyLong() {
    for (String preset : List.of("batchtune-bsp", "batchtune-ssp")) {
      Settings settings = preset(preset).with("batching.initial", "32");
      Simulation cluster = cluster(settings, 3, samples(40_000));
      for (Worker worker : cluster.workers.values()) {
        worker.alphaSeconds = 0;
        worker.betaSeconds = 0.001 * (1 << (worker.stream - 1)); // 4 : 2 : 1 of 96
      }
      cluster.run(1000);
      assertEndedAlike(cluster, Reason.EPOCHS);
      List<Integer> last = cluster.workers.values().stream().map(w -> w.batches.getLast()).toList();
      assertThat(last).as(preset).containsExactly(55, 27, 14);
      assertThat(accuracy(cluster.worker(1))).isGreaterThan(0.95);
    }
  }

  @Test
  void dynamicBatchesWorkWithEveryMethodOfTheFamily() {
    for (String preset : Members.PRESETS) {
      Settings settings =
          preset(preset).with("batching.local", "adaptive").with("batching.initial", "32");
      Simulation cluster = cluster(settings, 3, samples(60_000));
      for (Worker worker : cluster.workers.values()) {
        worker.alphaSeconds = 0;
        worker.betaSeconds = 0.0005 * worker.stream;
      }
      cluster.run(1000);
      assertEndedAlike(cluster, Reason.EPOCHS);
      assertThat(cluster.worker(1).batches.getLast())
          .as(preset)
          .isGreaterThan(cluster.worker(2).batches.getLast());
      assertThat(cluster.workers.values().stream().mapToInt(w -> w.batches.getLast()).sum())
          .as(preset)
          .isEqualTo(96);
    }
  }

  @Test
  void aServerThatDoesNotTrainServes() {
    Settings settings = preset("bsp").with("server.trains", "false");
    Simulation cluster = cluster(settings, 3, samples(6_000));
    cluster.run(1000);
    assertEndedAlike(cluster, Reason.EPOCHS);
    assertThat(serves(cluster.worker(1))).hasSize(1);
    assertThat(cluster.worker(1).iterations).isZero();
    assertThat(cluster.worker(2).iterations).isEqualTo(cluster.worker(3).iterations);
    assertThat(accuracy(cluster.worker(1))).isGreaterThan(0.5);
  }
}
