package io.dlion.monitor.comparison.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.monitor.Reports;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunRecorderTest {
  private static final WorkerId A = new WorkerId("a");
  private static final WorkerId B = new WorkerId("b");
  private static final WorkerId C = new WorkerId("c");

  private final RunRecorder recorder = new RunRecorder(7, List.of(A, B), seconds(10), seconds(20));

  @Test
  void aCurveBeginsWhenEveryWorkerWasEvaluated() {
    evaluated(A, 1, 0.4);
    evaluated(A, 2, 0.5);
    evaluated(B, 3, 0.7);
    evaluated(A, 4, 0.6);
    assertThat(end().curve())
        .extracting(CurvePoint::seconds, CurvePoint::accuracy, CurvePoint::worstAccuracy)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(3.0, 0.6, 0.5),
            org.assertj.core.groups.Tuple.tuple(4.0, (0.6 + 0.7) / 2, 0.6));
  }

  @Test
  void whoIsNotJudgedNeitherCountsNorIsWaitedFor() {
    recorder.notJudged(B);
    evaluated(A, 1, 0.4);
    assertThat(end().curve()).extracting(CurvePoint::accuracy).containsExactly(0.4);
  }

  @Test
  void whoIsJudgedNoLongerDoesNotCountByWhatItWasBefore() {
    evaluated(A, 1, 0.4);
    evaluated(B, 1, 0.8);
    recorder.notJudged(A);
    iteration(A, 2, 32, 32, 0);
    evaluated(B, 3, 0.9);
    assertThat(end().curve().getLast().accuracy()).isEqualTo(0.9);
    assertThat(end().totals().accuracy()).isEqualTo(0.9);
  }

  @Test
  void evaluationsOfOneMomentMakeOnePoint() {
    evaluated(A, 5, 0.2);
    evaluated(B, 5, 0.4);
    evaluated(A, 9, 0.9);
    evaluated(B, 9, 0.5);
    assertThat(end().curve()).extracting(CurvePoint::seconds).containsExactly(5.0, 9.0);
    assertThat(end().curve().getLast().accuracy()).isCloseTo(0.7, within(1e-12));
  }

  @Test
  void totalsOverWorkers() {
    iteration(A, 1, 32, 32, 0);
    iteration(A, 2, 32, 64, 3);
    iteration(B, 2, 8, 8, 3);
    evaluated(A, 3, 0.8);
    evaluated(B, 3, 0.6);
    SeedRun run = end();
    SeedRun.Totals totals = run.totals();
    assertThat(run.seed()).isEqualTo(7);
    assertThat(run.seconds()).isEqualTo(30);
    assertThat(totals.samples()).isEqualTo(72);
    assertThat(totals.iterations()).isEqualTo(3);
    assertThat(totals.meanStaleness()).isEqualTo(2);
    assertThat(totals.accuracy()).isCloseTo(0.7, within(1e-12));
    assertThat(totals.worstAccuracy()).isEqualTo(0.6);
    assertThat(totals.accuracyDeviation()).isCloseTo(0.1, within(1e-12));
    assertThat(totals.loss()).isCloseTo(0.3, within(1e-12));
    assertThat(run.samplesPerSecond()).isCloseTo(2.4, within(1e-12));
    assertThat(run.curve().getLast().samples()).isEqualTo(72);
  }

  @Test
  void aRunWithoutEvaluationsHasNoAccuracy() {
    iteration(A, 1, 32, 32, 0);
    SeedRun run = end();
    assertThat(run.curve()).isEmpty();
    assertThat(run.totals().accuracy()).isNaN();
    assertThat(run.secondsTo(0.1, 600)).isEmpty();
  }

  @Test
  void whoJoinsCountsFromItsFirstEvaluationOn() {
    evaluated(A, 1, 0.4);
    evaluated(B, 1, 0.6);
    iteration(C, 2, 8, 8, 0);
    evaluated(A, 3, 0.6);
    evaluated(C, 4, 0.3);
    assertThat(end().curve())
        .extracting(CurvePoint::accuracy)
        .usingComparatorForType((x, y) -> Math.abs(x - y) < 1e-12 ? 0 : 1, Double.class)
        .containsExactly(0.5, 0.6, 0.5);
  }

  @Test
  void whoIsGoneCountsNoLongerUntilItIsHeardAgain() {
    evaluated(A, 1, 0.4);
    evaluated(B, 1, 0.8);
    recorder.gone(A, seconds(2));
    evaluated(B, 3, 0.9);
    iteration(A, 4, 8, 8, 0);
    evaluated(B, 5, 0.8);
    assertThat(end().curve())
        .extracting(CurvePoint::accuracy)
        .usingComparatorForType((x, y) -> Math.abs(x - y) < 1e-12 ? 0 : 1, Double.class)
        .containsExactly(0.6, 0.8, 0.9, 0.6);
  }

  @Test
  void whoDiesBeforeItsFirstEvaluationIsNotWaitedFor() {
    evaluated(A, 1, 0.4);
    recorder.gone(B, seconds(2));
    assertThat(end().curve()).extracting(CurvePoint::accuracy).containsExactly(0.4);
  }

  @Test
  void linksCarryWhatTransfersSay() {
    recorder.transferBegan(A, B, seconds(1));
    recorder.transferBegan(A, C, seconds(2));
    recorder.transferEnded(A, B, seconds(3), 100);
    recorder.transferEnded(A, C, seconds(4), 50);
    recorder.transferBegan(A, B, seconds(6));
    recorder.transferEnded(A, B, seconds(7), 11);
    SeedRun run = end();
    assertThat(run.totals().bytesSent()).isEqualTo(161);
    assertThat(run.links()).extracting(LinkTrace::bytes).containsExactly(111L, 50L);
    assertThat(run.links()).extracting(LinkTrace::busySeconds).containsExactly(3.0, 2.0);
    // From 1 to 4 and from 6 to 7: two links at once are no more than sending.
    assertThat(run.workers().getFirst().activitySeconds()).containsEntry(Activity.SENDING, 4.0);
  }

  @Test
  void whatIsOnALinkAtTheEndCountsAsSendingWithoutItsBytes() {
    recorder.transferBegan(A, B, seconds(25));
    SeedRun run = end();
    assertThat(run.totals().bytesSent()).isZero();
    assertThat(run.links().getFirst().busySeconds()).isEqualTo(5);
    assertThat(run.workers().getFirst().activitySeconds()).containsEntry(Activity.SENDING, 5.0);
  }

  @Test
  void endsWithoutBeginsAreIgnored() {
    recorder.transferEnded(A, B, seconds(3), 100);
    assertThat(end().totals().bytesSent()).isZero();
  }

  @Test
  void linksTellOfTheirGradients() {
    recorder.accept(new Report.Sent(A, seconds(1), B, 0, 10, 0.25, 5, 0, 0));
    recorder.accept(new Report.Sent(A, seconds(2), B, 1, 30, 0.75, 5, 0, 0));
    LinkTrace link = end().links().getFirst();
    assertThat(link.gradients()).isEqualTo(2);
    assertThat(link.meanN()).isEqualTo(20);
    assertThat(link.meanShare()).isEqualTo(0.5);
    assertThat(link.n()).containsExactly(new SeriesPoint(1, 10), new SeriesPoint(2, 30));
  }

  @Test
  void activitiesAreAddedUpOverTheRunAndKeptWithinTheWindow() {
    recorder.active(A, Activity.COMPUTING, seconds(1), seconds(4));
    recorder.active(A, Activity.COMPUTING, seconds(8), seconds(12));
    recorder.active(A, Activity.WAITING, seconds(12), seconds(13));
    recorder.active(A, Activity.COMPUTING, seconds(18), seconds(25));
    SeedRun run = end();
    WorkerTrace a = run.workers().getFirst();
    assertThat(run.window()).isEqualTo(new Interval(10, 20));
    assertThat(a.activitySeconds()).containsEntry(Activity.COMPUTING, 14.0);
    assertThat(a.during(Activity.COMPUTING))
        .containsExactly(new Interval(10, 12), new Interval(18, 20));
    assertThat(a.during(Activity.WAITING)).containsExactly(new Interval(12, 13));
    assertThat(a.during(Activity.EVALUATING)).isEmpty();
  }

  @Test
  void theWindowEndsForAllWhereOneHasTooManyIntervals() {
    for (int i = 0; i < 1000; i++) {
      long from = seconds(10) + i * 10_000_000L; // 400 of them end at 14 s
      recorder.active(A, Activity.COMPUTING, from, from + 10_000_000L);
    }
    recorder.active(B, Activity.COMPUTING, seconds(10), seconds(20));
    SeedRun run = end();
    assertThat(run.window()).isEqualTo(new Interval(10, 14));
    assertThat(run.workers().get(0).during(Activity.COMPUTING)).hasSize(400);
    assertThat(run.workers().get(1).during(Activity.COMPUTING))
        .containsExactly(new Interval(10, 14));
    assertThat(run.workers().get(0).activitySeconds())
        .hasEntrySatisfying(Activity.COMPUTING, s -> assertThat(s).isCloseTo(10, within(1e-9)));
  }

  @Test
  void waitsAreAShareOfTheTimeAWorkerTookPart() {
    iterationThatWaited(A, 2, 1); // began at 0
    iterationThatWaited(A, 4, 1);
    recorder.gone(A, seconds(5));
    iterationThatWaited(A, 12, 1); // took part from 10 s on again
    iterationThatWaited(B, 2, 0);
    SeedRun run = end();
    assertThat(run.workers().get(0).waitShare()).isCloseTo(0.5, within(1e-12));
    assertThat(run.workers().get(1).waitShare()).isZero();
    assertThat(run.totals().waitShare()).isCloseTo(0.25, within(1e-12));
    assertThat(run.totals().commits()).isZero();
    assertThat(run.server()).isEqualTo(ServerTrace.NONE);
  }

  private void iterationThatWaited(WorkerId worker, double at, double waited) {
    recorder.accept(
        new Report.Iteration(
            worker, seconds(at), 0, 8, 64, 0.5, seconds(2 - waited), seconds(waited), 8, 8, 0, 0));
  }

  @Test
  void aServerThatTrainsNothingIsInNoMean() {
    RunRecorder three = new RunRecorder(7, List.of(A, B, C), 0, seconds(20));
    three.accept(serving(0, 0, 1, "probing C = 1"));
    three.accept(committed(A, 1));
    three.accept(committed(B, 1));
    three.accept(committed(A, 2));
    three.accept(
        new Report.Iteration(A, seconds(2), 0, 8, 64, 0.5, seconds(1), seconds(1), 8, 8, 0, 0));
    three.accept(new Report.Evaluated(C, seconds(3), 0, 0, 0.1, 0.9, 0));
    three.accept(new Report.Evaluated(A, seconds(4), 0, 0, 0.4, 0.6, 0));
    three.accept(new Report.Evaluated(B, seconds(4), 0, 0, 0.6, 0.4, 0));
    SeedRun run = three.finish("time", seconds(10));
    assertThat(run.totals().accuracy()).isCloseTo(0.5, within(1e-12));
    assertThat(run.totals().worstAccuracy()).isEqualTo(0.4);
    assertThat(run.totals().waitShare()).isEqualTo(0.5);
    assertThat(run.totals().commits()).isEqualTo(3);
    assertThat(run.workers()).extracting(WorkerTrace::commits).containsExactly(2L, 1L, 0L);
    assertThat(run.workers().get(2).waitShare()).isNaN();
  }

  @Test
  void whereOnlyTheServerIsEvaluatedItsEvaluationsAreTheCurve() {
    RunRecorder two = new RunRecorder(7, List.of(A, C), 0, seconds(20));
    two.accept(serving(0, 0, 1, ""));
    two.accept(
        new Report.Iteration(A, seconds(2), 0, 8, 64, 0.5, seconds(1), seconds(1), 8, 8, 0, 0));
    two.accept(new Report.Evaluated(C, seconds(3), 0, 0, 0.7, 0.3, 0));
    assertThat(two.finish("time", seconds(10)).curve())
        .extracting(CurvePoint::accuracy)
        .containsExactly(0.7);
  }

  @Test
  void aServersSearchIsKeptStepByStep() {
    recorder.accept(serving(0, 0, 1, "probing C = 1"));
    recorder.accept(serving(2, 3, 1, "probing C = 1")); // nothing new
    recorder.accept(serving(5, 9, 2, "probing C = 2"));
    recorder.accept(serving(9, 20, 2, ""));
    recorder.accept(serving(25, 90, 2, "")); // how it ended
    recorder.accept(new Report.Committed(A, seconds(26), C, 90, 12, 1, 1, 2, 1500, 0));
    ServerTrace server = end().server();
    assertThat(server.periods()).isTrue();
    assertThat(server.points())
        .extracting(ServerPoint::seconds, ServerPoint::commitTarget, ServerPoint::commits)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0.0, 1, 0L),
            org.assertj.core.groups.Tuple.tuple(5.0, 2, 9L),
            org.assertj.core.groups.Tuple.tuple(9.0, 2, 20L),
            org.assertj.core.groups.Tuple.tuple(25.0, 2, 90L));
  }

  @Test
  void anEndlessSearchTakesBoundedMemory() {
    for (int i = 0; i < 100_000; i++) {
      recorder.accept(serving(i * 0.001, i, i, "probing"));
    }
    List<ServerPoint> points = recorder.finish("time", seconds(100)).server().points();
    assertThat(points)
        .hasSizeBetween(ServerRecorder.POINTS_MAX / 2, ServerRecorder.POINTS_MAX)
        .isSortedAccordingTo(java.util.Comparator.comparingDouble(ServerPoint::seconds));
    assertThat(points.getLast().commitTarget()).isEqualTo(99_999);
  }

  private static Report.Serving serving(double at, long commits, int target, String search) {
    return new Report.Serving(C, seconds(at), commits, commits, 0.5, target, search, 0.02, 0.4, 1);
  }

  private static Report.Committed committed(WorkerId client, double at) {
    return new Report.Committed(client, seconds(at), C, 1, 4, 1, 0, 0, 1500, 0);
  }

  @Test
  void memoryIsBounded() {
    for (int i = 0; i < 100_000; i++) {
      iteration(A, i * 0.01, 32 + i % 2, 32L * i, 1);
      evaluated(A, i * 0.01, 0.5);
      evaluated(B, i * 0.01, 0.5);
      recorder.accept(new Report.Sent(A, seconds(i * 0.01), B, i, 10, 0.5, 5, 0, 0));
    }
    SeedRun run = recorder.finish("time", seconds(1000));
    WorkerTrace a = run.workers().getFirst();
    assertThat(run.curve()).hasSizeBetween(CurveRecorder.POINTS_MAX / 2, CurveRecorder.POINTS_MAX);
    assertThat(a.batchSize()).hasSizeBetween(128, 256);
    assertThat(a.batchSize()).allMatch(p -> p.value() == 32.5);
    assertThat(run.links().getFirst().n()).hasSizeBetween(32, 64);
  }

  @Test
  void aWindowThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> new RunRecorder(1, List.of(), 5, 4))
        .hasMessageContaining("window from 5 to 4");
    assertThatThrownBy(() -> recorder.active(A, Activity.SENDING, 0, 1))
        .hasMessageContaining("recorded by transfers");
  }

  private SeedRun end() {
    return recorder.finish("time", seconds(30));
  }

  private void evaluated(WorkerId worker, double at, double accuracy) {
    recorder.accept(new Report.Evaluated(worker, seconds(at), 0, 0, accuracy, 1 - accuracy, 0));
  }

  private void iteration(WorkerId worker, double at, int batch, long samples, long staleness) {
    recorder.accept(
        new Report.Iteration(
            worker, seconds(at), 0, batch, 64, 0.5, 0, 0, samples, samples, 0, staleness));
  }

  private static long seconds(double seconds) {
    return Math.round(seconds * 1e9);
  }

  @Test
  void recordsStreamsAndTheirDrifts() {
    RunRecorder streams = new RunRecorder(7, List.of(A, B), 0, 1, List.of(20.0, 5.0, 40.0));
    streams.accept(Reports.streamed(A, 1, 100, 0.5, Double.NaN));
    streams.accept(Reports.streamed(B, 1, 300, 0.9, Double.NaN));
    streams.accept(Reports.streamed(A, 2, 300, 0.7, 0.6));
    streams.accept(Reports.drifted(B, 6, true));
    StreamTrace trace = streams.finish("time", seconds(30)).stream();
    assertThat(trace.points()).extracting(PrequentialPoint::seconds).containsExactly(1.0, 2.0);
    assertThat(trace.points().getFirst().window()).isCloseTo(0.8, within(1e-9));
    assertThat(trace.last().orElseThrow().window()).isCloseTo(0.6, within(1e-9));
    assertThat(trace.last().orElseThrow().learned()).isEqualTo(600);
    assertThat(trace.last().orElseThrow().freshnessP99()).isEqualTo(2.1);
    assertThat(trace.found()).containsExactly(new DriftPoint(6, B, true, 0.08, 0.31));
    assertThat(trace.madeSeconds()).containsExactly(5.0, 20.0);
    assertThat(trace.rejected()).isEqualTo(4);
  }

  @Test
  void whoIsGoneCountsInRecordsButNotInTheAccuracyOfStreams() {
    recorder.accept(Reports.streamed(A, 1, 100, 0.5, Double.NaN));
    recorder.gone(A, seconds(2));
    recorder.accept(Reports.streamed(B, 3, 100, 0.9, Double.NaN));
    PrequentialPoint last = end().stream().last().orElseThrow();
    assertThat(last.window()).isEqualTo(0.9);
    assertThat(last.learned()).isEqualTo(200);
  }

  @Test
  void aRunWithoutAStreamHasNone() {
    evaluated(A, 1, 0.5);
    assertThat(end().stream()).isEqualTo(StreamTrace.NONE);
  }
}
