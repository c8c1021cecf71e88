package io.dlion.monitor.statistics;

import static io.dlion.monitor.Reports.SECOND;
import static io.dlion.monitor.Reports.W1;
import static io.dlion.monitor.Reports.W2;
import static io.dlion.monitor.Reports.W3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.monitor.Reports;
import io.dlion.monitor.log.MetricsLogTest;
import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class RunStatisticsTest {
  private static final long D = 1000;

  private final RunStatistics statistics = new RunStatistics(RunGoal.epochs(D, 3));

  /** A worker that does an iteration of 10 samples every tenth of a second. */
  private static void train(RunStatistics to, WorkerId worker, int from, int until) {
    for (int i = from; i < until; i++) {
      to.accept(Reports.iteration(worker, (i + 1) / 10.0, i, 10, 1, 10L * (i + 1)));
    }
  }

  @Test
  void nothingReportedIsNothingKnown() {
    RunSnapshot run = statistics.snapshot(5 * SECOND);
    assertThat(run.workers()).isEmpty();
    assertThat(run.atNanos()).isEqualTo(5 * SECOND);
    assertThat(run.samplesPerSecond()).isZero();
    assertThat(run.fraction()).hasValue(0);
    assertThat(run.remainingNanos()).isEmpty();
    assertThat(run.accuracy()).isEmpty();
  }

  @Test
  void aWorkersLatestIterationIsShown() {
    train(statistics, W1, 0, 20);
    WorkerSnapshot worker = statistics.snapshot().workers().getFirst();
    assertThat(worker.iterations()).isEqualTo(20);
    assertThat(worker.batchSize()).isEqualTo(10);
    assertThat(worker.globalBatchSize()).isEqualTo(30);
    assertThat(worker.samples()).isEqualTo(200);
    assertThat(worker.staleness()).isEqualTo(2);
    assertThat(worker.samplesPerSecond()).isCloseTo(100, within(1e-9));
  }

  @Test
  void speedIsThatOfTheLastFiveSeconds() {
    train(statistics, W1, 0, 100); // 100/s until 10 s
    for (int i = 0; i < 100; i++) { // then 400/s for 10 s
      statistics.accept(
          Reports.iteration(W1, 10 + (i + 1) / 10.0, 100 + i, 40, 1, 1000 + 40L * (i + 1)));
    }
    assertThat(statistics.snapshot().workers().getFirst().samplesPerSecond())
        .isCloseTo(400, within(1e-9));
    assertThat(statistics.snapshot().samplesPerSecond()).isCloseTo(400, within(1e-9));
  }

  @Test
  void aWorkerThatFellSilentHasNoSpeed() {
    train(statistics, W1, 0, 50);
    assertThat(statistics.snapshot(9 * SECOND).samplesPerSecond()).isPositive();
    assertThat(statistics.snapshot(60 * SECOND).samplesPerSecond()).isZero();
    assertThat(statistics.snapshot(60 * SECOND).workers().getFirst().samplesPerSecond()).isZero();
  }

  @Test
  void slowIterationsHaveASpeedFromTheFirstOn() {
    statistics.accept(
        new Report.Iteration(W1, 20 * SECOND, 0, 100, 100, 1, 19 * SECOND, SECOND, 100, 100, 0, 0));
    assertThat(statistics.snapshot().samplesPerSecond()).isEqualTo(5);
  }

  @Test
  void samplesOfAllWorkersAreOverall() {
    train(statistics, W1, 0, 50);
    train(statistics, W2, 0, 50);
    RunSnapshot run = statistics.snapshot();
    assertThat(run.samples()).isEqualTo(1000);
    assertThat(run.epochs()).isEqualTo(1);
    assertThat(run.iterations()).isEqualTo(100);
  }

  @Test
  void samplesOfWorkersInOtherProcessesAreOverallToo() {
    statistics.accept(new Report.Iteration(W1, SECOND, 0, 10, 30, 1, SECOND, 0, 10, 500, 0, 0));
    assertThat(statistics.snapshot().samples()).isEqualTo(500);
  }

  @Test
  void estimatesTheTimeLeftOfEpochs() {
    for (int i = 0; i < 50; i++) {
      train(statistics, W1, i, i + 1);
      train(statistics, W2, i, i + 1);
    }
    // 1000 of 3000 samples in 5 s: 2000 are left at 200 a second.
    assertThat(statistics.snapshot().fraction()).hasValue(1.0 / 3);
    assertThat(statistics.snapshot().remainingNanos().orElseThrow())
        .isCloseTo(10 * SECOND, Percentage.withPercentage(2));
  }

  @Test
  void aResumedRunIsNotFastBecauseItBeganWithSamples() {
    for (int i = 0; i < 10; i++) {
      statistics.accept(Reports.iteration(W1, (i + 1) / 10.0, 100 + i, 10, 1, 1010 + 10L * i));
      statistics.accept(Reports.iteration(W2, (i + 1) / 10.0, 100 + i, 10, 1, 1010 + 10L * i));
    }
    RunSnapshot run = statistics.snapshot();
    assertThat(run.samples()).isEqualTo(2200);
    assertThat(run.samplesPerSecond()).isCloseTo(200, Percentage.withPercentage(10));
    assertThat(run.remainingNanos().orElseThrow())
        .isCloseTo(4 * SECOND, Percentage.withPercentage(10));
  }

  /** As after a partition: what both sides did meanwhile becomes known in one moment. */
  @Test
  void samplesOfPeersThatAreMetAgainAreNoSpeed() {
    for (int i = 0; i < 100; i++) { // 100 samples a second of its own, 200 of the two peers
      boolean met = i >= 50;
      long cluster = met ? 30L * (i + 1) : 10L * (i + 1);
      statistics.accept(
          new Report.Iteration(
              W1,
              (i + 1) * SECOND / 10,
              i,
              10,
              30,
              1,
              SECOND / 10,
              0,
              10L * (i + 1),
              cluster,
              met ? 20 * 50 : 0,
              0));
    }
    RunSnapshot run = statistics.snapshot();
    assertThat(run.samples()).isEqualTo(3000);
    assertThat(run.samplesPerSecond()).isCloseTo(300, Percentage.withPercentage(10));
  }

  @Test
  void aRunBeyondItsGoalHasNothingLeft() {
    train(statistics, W1, 0, 400);
    assertThat(statistics.snapshot().fraction()).hasValue(1);
    assertThat(statistics.snapshot().remainingNanos()).hasValue(0);
  }

  @Test
  void timeLeftOfAGivenTimeIsExact() {
    RunStatistics timed = new RunStatistics(RunGoal.time(D, Duration.ofSeconds(60)));
    assertThat(timed.snapshot(15 * SECOND).remainingNanos()).hasValue(45 * SECOND);
    assertThat(timed.snapshot(15 * SECOND).fraction()).hasValue(0.25);
    assertThat(timed.snapshot(99 * SECOND).remainingNanos()).hasValue(0);
  }

  @Test
  void nobodyKnowsWhenAnAccuracyIsReached() {
    RunStatistics aiming = new RunStatistics(RunGoal.accuracy(D, 0.9));
    train(aiming, W1, 0, 50);
    assertThat(aiming.snapshot().remainingNanos()).isEmpty();
    assertThat(aiming.snapshot().fraction()).isEmpty();
  }

  @Test
  void lossIsSmoothedButTroubleIsShownAtOnce() {
    statistics.accept(Reports.iteration(W1, 1, 0, 10, 2, 10));
    statistics.accept(Reports.iteration(W1, 2, 1, 10, 4, 20));
    assertThat(statistics.snapshot().workers().getFirst().loss()).isEqualTo(2 + 0.05 * 2);
    statistics.accept(Reports.iteration(W1, 3, 2, 10, Double.NaN, 30));
    assertThat(statistics.snapshot().workers().getFirst().loss()).isNaN();
    statistics.accept(Reports.iteration(W1, 4, 3, 10, 1, 40));
    assertThat(statistics.snapshot().workers().getFirst().loss()).isEqualTo(1);
  }

  @Test
  void accuracyIsTheMeanOfTheWorkersLast() {
    statistics.accept(Reports.evaluated(W1, 1, 0.1));
    statistics.accept(Reports.evaluated(W1, 2, 0.75));
    statistics.accept(Reports.evaluated(W2, 2, 0.25));
    RunSnapshot run = statistics.snapshot();
    assertThat(run.accuracy()).hasValue(0.5);
    assertThat(run.worstAccuracy()).hasValue(0.25);
    assertThat(run.testLoss()).hasValue(0.5);
  }

  @Test
  void linksAreAddedUp() {
    for (int i = 0; i <= 40; i++) {
      statistics.accept(Reports.sent(W1, i / 4.0, W3, 100));
      statistics.accept(Reports.sent(W1, i / 4.0, W2, 1000));
    }
    WorkerSnapshot worker = statistics.snapshot().workers().getFirst();
    assertThat(worker.bytesSent()).isEqualTo(41 * 1100);
    assertThat(worker.links())
        .containsExactly(
            new LinkSnapshot(W2, 12.5, 0.04, 4000, 2.5e6, 41, 41_000),
            new LinkSnapshot(W3, 12.5, 0.04, 400, 2.5e6, 41, 4_100));
    assertThat(statistics.snapshot().bytesSent()).isEqualTo(41 * 1100);
  }

  @Test
  void bytesGoOnWhereARunWasInterrupted() {
    RunStatistics statistics = new RunStatistics(RunGoal.epochs(1000, 3));
    statistics.sentBefore(W1, 5000);
    statistics.sentBefore(W2, 70);
    statistics.accept(Reports.sent(W1, 1, W2, 300));
    assertThat(statistics.snapshot().bytesSent()).isEqualTo(5370);
    assertThat(statistics.snapshot().workers().getFirst().bytesSent()).isEqualTo(5300);
  }

  @Test
  void stepsSinceACommitBeginAnewWithEachCommit() {
    train(statistics, W2, 0, 12);
    assertThat(statistics.snapshot().workers().getFirst().client()).isEmpty();
    statistics.accept(Reports.committed(W2, 1.2, 1, 1, 4));
    train(statistics, W2, 12, 17);
    assertThat(statistics.snapshot().workers().getFirst().client())
        .hasValue(new ClientSnapshot(W1, 5, 1, 1, 4));
    statistics.accept(Reports.committed(W2, 1.7, 2, 2, 4));
    assertThat(statistics.snapshot().workers().getFirst().client())
        .hasValue(new ClientSnapshot(W1, 0, 2, 2, 4));
  }

  @Test
  void bytesOfCommitsAreCountedOnce() {
    statistics.accept(Reports.committed(W2, 1, 1, 1, 4));
    statistics.accept(Reports.committed(W2, 2, 2, 2, 4));
    assertThat(statistics.snapshot().bytesSent()).isEqualTo(3000);
    statistics.accept(Reports.sent(W3, 3, W1, 1500));
    statistics.accept(Reports.committed(W3, 3, 1, 1, 4));
    assertThat(statistics.snapshot().bytesSent()).isEqualTo(4500);
  }

  @Test
  void waitsAreAShareOfTheTimeSinceTheFirstIterationBegan() {
    statistics.accept(
        new Report.Iteration(W1, 12 * SECOND, 0, 8, 8, 1, SECOND, SECOND, 8, 8, 0, 0));
    statistics.accept(
        new Report.Iteration(W1, 20 * SECOND, 1, 8, 8, 1, 7 * SECOND, SECOND, 16, 16, 0, 0));
    assertThat(statistics.snapshot().workers().getFirst().waitShare()).isEqualTo(0.2);
  }

  @Test
  void theServerIsTheOneThatServedLast() {
    statistics.accept(Reports.serving(W1, 1, 10, 4, ""));
    statistics.accept(Reports.serving(W1, 11, 40, 4, ""));
    RunSnapshot run = statistics.snapshot(11 * SECOND);
    assertThat(run.server().orElseThrow().worker()).isEqualTo(W1);
    assertThat(run.server().orElseThrow().server().orElseThrow().commitsPerSecond())
        .isCloseTo(3, within(1e-9));
    statistics.accept(Reports.serving(W2, 12, 41, 4, "probing C = 5"));
    assertThat(statistics.snapshot().server().orElseThrow().worker()).isEqualTo(W2);
    statistics.accept(Reports.committed(W2, 13, 1, 1, 4)); // to w1: it serves again
    assertThat(statistics.snapshot().server().orElseThrow().worker()).isEqualTo(W1);
  }

  @Test
  void whoOnlyServesIsInNoMeanUnlessNobodyElseWasEvaluated() {
    statistics.accept(Reports.serving(W1, 0, 0, 1, ""));
    statistics.accept(Reports.evaluated(W1, 1, 0.9));
    assertThat(statistics.snapshot().accuracy()).hasValue(0.9);
    assertThat(statistics.snapshot().onlyServes()).isTrue();
    train(statistics, W2, 0, 10);
    statistics.accept(Reports.evaluated(W2, 2, 0.5));
    assertThat(statistics.snapshot().accuracy()).hasValue(0.5);
    assertThat(statistics.snapshot().worstAccuracy()).hasValue(0.5);
    assertThat(statistics.snapshot().onlyServes()).isFalse();
  }

  @Test
  void whoOnlyServesKnowsHowFarTheRunIsFromItsEvaluations() {
    statistics.accept(Reports.serving(W1, 0, 0, 1, ""));
    assertThat(statistics.snapshot().fraction()).isEmpty();
    assertThat(statistics.snapshot().samplesUnknown()).isTrue();
    statistics.accept(Reports.evaluated(W1, 1, 0.9)); // after 900 samples of the cluster
    assertThat(statistics.snapshot().fraction()).hasValue(0.3);
    assertThat(statistics.snapshot().samplesUnknown()).isFalse();
  }

  @Test
  void totalsOfSeveralThreadsAreExact() throws Exception {
    int threads = 8;
    int each = 5000;
    MetricsLogTest.run(
        threads,
        t -> {
          WorkerId worker = new WorkerId("w" + t);
          for (int i = 0; i < each; i++) {
            statistics.accept(Reports.iteration(worker, i / 1000.0, i, 2, 1, 2L * (i + 1)));
            statistics.accept(Reports.sent(worker, i / 1000.0, W1, 7));
            if (i % 100 == 0) {
              statistics.snapshot();
            }
          }
        });
    RunSnapshot run = statistics.snapshot();
    assertThat(run.samples()).isEqualTo(2L * threads * each);
    assertThat(run.iterations()).isEqualTo((long) threads * each);
    assertThat(run.bytesSent()).isEqualTo(7L * threads * each);
    assertThat(run.workers()).hasSize(threads);
  }

  @Test
  void streamsAreAddedUpAndAccuraciesWeighedByRecords() {
    statistics.accept(Reports.streamed(W1, 1, 0, 0.5, 0.5));
    statistics.accept(Reports.streamed(W2, 1, 0, 0.5, 0.5));
    statistics.accept(Reports.streamed(W1, 3, 300, 0.9, 0.8));
    statistics.accept(Reports.streamed(W2, 3, 100, 0.5, 0.8));
    RunSnapshot run = statistics.snapshot();
    StreamSnapshot all = run.stream().orElseThrow();
    assertThat(all.figures().learned()).isEqualTo(400);
    assertThat(all.figures().hash()).isEqualTo(1200);
    assertThat(all.figures().rejected()).isEqualTo(4);
    assertThat(all.figures().backlog()).isEqualTo(2400);
    assertThat(all.figures().site().window()).isCloseTo(0.8, within(1e-9));
    assertThat(all.figures().cluster().overall()).isCloseTo(0.78, within(1e-9));
    assertThat(all.figures().freshness().records()).isEqualTo(400);
    assertThat(all.learnedPerSecond()).isCloseTo(200, within(1e-6));
    assertThat(run.workers().getFirst().stream().orElseThrow().figures().learned()).isEqualTo(300);
  }

  @Test
  void thereIsNoStreamUntilOneIsToldOf() {
    train(statistics, W1, 0, 2);
    assertThat(statistics.snapshot().stream()).isEmpty();
    assertThat(statistics.snapshot().drifts()).isEqualTo(Drifts.NONE);
    statistics.accept(Reports.streamedNothing(W1, 3));
    StreamSnapshot begun = statistics.snapshot().stream().orElseThrow();
    assertThat(begun.figures().cluster().window()).isNaN();
    assertThat(begun.figures().backlog()).isEqualTo(-1);
    assertThat(begun.figures().freshness().p50Seconds()).isNaN();
  }

  @Test
  void whereTheClusterIsNotKnownItsAccuracyIsThatOfTheWorkersHere() {
    statistics.accept(Reports.streamed(W1, 1, 100, 0.75, Double.NaN));
    assertThat(statistics.snapshot().stream().orElseThrow().figures().cluster().window())
        .isEqualTo(0.75);
  }

  @Test
  void driftsAreKeptUpToALimitAndCountedBeyond() {
    for (int i = 0; i < Drifts.KEPT_MAX + 5; i++) {
      statistics.accept(Reports.drifted(W1, i, false));
    }
    Drifts drifts = statistics.snapshot().drifts();
    assertThat(drifts.count()).isEqualTo(Drifts.KEPT_MAX + 5);
    assertThat(drifts.kept()).hasSize(Drifts.KEPT_MAX);
  }

  @Test
  void aRunWithoutAnEndHasNoShareAndNoTimeLeft() {
    RunStatistics endless = new RunStatistics(RunGoal.endless(0));
    train(endless, W1, 0, 10);
    RunSnapshot run = endless.snapshot();
    assertThat(run.endless()).isTrue();
    assertThat(run.fraction()).isEmpty();
    assertThat(run.remainingNanos()).isEmpty();
    assertThat(run.epochs()).isNaN();
    assertThat(statistics.snapshot().endless()).isFalse();
    assertThatThrownBy(() -> RunGoal.epochs(0, 3)).hasMessageContaining("samples per epoch: 0");
  }
}
