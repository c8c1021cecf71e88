package io.dlion.cli.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Learner;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Control.Reason;
import io.dlion.emulator.check.StubExamples;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What users can rely on, wherever nodes run. Each runtime is a subclass, so that what holds in the
 * emulator is known to hold on a network. The time limit is there for hangs; it measures nothing.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class RuntimeContract {
  private static final WorkerId W1 = Job.WORKERS.get(0);
  private static final WorkerId W2 = Job.WORKERS.get(1);
  private static final WorkerId W3 = Job.WORKERS.get(2);

  /** Runs a job to its end. */
  abstract Ran run(Job job) throws Exception;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dlion",
        "dlion-paper",
        "baseline",
        "hop",
        "gaia",
        "ako",
        "diloco",
        "noloco",
        "diloco-async",
        "bsp"
      })
  void trainsToTheGoal(String preset) throws Exception {
    // A worker may not know of the last round of those who were not its partners.
    Job job = preset.equals("noloco") ? Job.of(preset, "local.steps", "20") : Job.of(preset);
    Ran ran = run(job);
    assertThat(ran.reasons())
        .isEqualTo(Map.of(W1, Reason.EPOCHS, W2, Reason.EPOCHS, W3, Reason.EPOCHS));
    for (WorkerId worker : Job.WORKERS) {
      assertThat(accuracy(ran, worker)).as("%s", worker).isGreaterThan(0.6);
      assertThat(ran.all(Report.Iteration.class, worker).getLast().clusterSamples())
          .as("samples of all, as %s knows them: the first to know of enough ends it", worker)
          .isGreaterThanOrEqualTo(job.goalSamples() * 9 / 10);
    }
  }

  @Test
  void clientsThatWaitForNobodyTrainToTheGoalOfTheirServer() throws Exception {
    Job job = Job.of("adsp", "server.name", "w2", "adsp.period", "0.1", "adsp.commits", "5");
    Ran ran = run(job);
    assertThat(ran.reasons())
        .isEqualTo(Map.of(W1, Reason.EPOCHS, W2, Reason.EPOCHS, W3, Reason.EPOCHS));
    assertThat(accuracy(ran, W2)).isGreaterThan(0.6);
    for (WorkerId worker : Job.WORKERS) {
      assertThat(ran.all(Report.Committed.class, worker))
          .isNotEmpty()
          .allSatisfy(commit -> assertThat(commit.server()).isEqualTo(W2));
    }
    assertThat(ran.all(Report.Serving.class, W2).getLast().version()).isPositive();
    assertThat(ran.all(Report.Serving.class, W1)).isEmpty();
  }

  private static double accuracy(Ran ran, WorkerId worker) {
    try (Learner learner = Job.of("baseline").learner(false)) {
      learner.weights().copyFrom(MemorySegment.ofArray(ran.weightsOf(worker)));
      Evaluation found = learner.evaluate(new StubExamples(1));
      return found.accuracy();
    }
  }

  /**
   * Where all wait for all, what is computed does not depend on time: not on the machine, and not
   * on the runtime. The emulator's weights are those of a real cluster, bit for bit.
   */
  @Test
  void replicasOfABulkSynchronousRunAreThoseOfEveryOtherRuntime() throws Exception {
    Job job = Job.of("baseline");
    float[] emulated = new EmulatorRuntimeTest().run(job).weightsOf(W1);
    Ran ran = run(job);
    for (WorkerId worker : Job.WORKERS) {
      List<Report.Notice> told = ran.all(Report.Notice.class, worker);
      assertThat(ran.weightsOf(worker)).as("%s, told %s", worker, told).containsExactly(emulated);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "baseline"})
  void reportsAreWhatHappened(String preset) throws Exception {
    Ran ran = run(Job.of(preset));
    for (WorkerId worker : Job.WORKERS) {
      long samples = 0;
      long atNanos = 0;
      List<Report.Iteration> iterations = ran.all(Report.Iteration.class, worker);
      for (int t = 0; t < iterations.size(); t++) {
        Report.Iteration i = iterations.get(t);
        samples += i.batchSize();
        assertThat(i.iteration()).isEqualTo(t);
        assertThat(i.samples()).isEqualTo(samples);
        assertThat(i.atNanos()).isGreaterThanOrEqualTo(atNanos);
        assertThat(i.batchSize()).isBetween(1, i.globalBatchSize());
        atNanos = i.atNanos();
      }
      assertThat(ran.all(Report.Sent.class, worker))
          .extracting(Report.Sent::peer)
          .contains(Job.WORKERS.stream().filter(w -> !w.equals(worker)).toArray(WorkerId[]::new));
      assertThat(ran.all(Report.Sent.class, worker))
          .allSatisfy(sent -> assertThat(sent.bytes()).isPositive());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void nobodyRunsAheadOfItsBound(int bound) throws Exception {
    Ran ran = run(Job.of("dlion", "sync.mode", "bounded", "sync.bound", Integer.toString(bound)));
    assertThat(ran.reasons()).hasSize(3).containsValue(Reason.EPOCHS);
    for (WorkerId worker : Job.WORKERS) {
      assertThat(ran.all(Report.Iteration.class, worker))
          .allSatisfy(i -> assertThat(i.staleness()).isLessThanOrEqualTo(bound + 1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "baseline", "hop", "diloco", "noloco", "diloco-async", "bsp"})
  void whoCrashesLeavesTheOthersToFinish(String preset) throws Exception {
    Ran ran = run(Job.of(preset).crashing(W2));
    assertThat(ran.reasons())
        .containsEntry(W1, Reason.EPOCHS)
        .containsEntry(W3, Reason.EPOCHS)
        .doesNotContainEntry(W2, Reason.EPOCHS);
    assertThat(ran.all(Report.Notice.class, W1)).anyMatch(n -> n.text().contains("w2"));
    assertThat(accuracy(ran, W1)).isGreaterThan(0.6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "baseline", "bsp"})
  void whoDivergesStopsAndPoisonsNobody(String preset) throws Exception {
    Ran ran = run(Job.of(preset).diverging(W3));
    assertThat(ran.reasons())
        .isEqualTo(Map.of(W1, Reason.EPOCHS, W2, Reason.EPOCHS, W3, Reason.DIVERGED));
    assertThat(accuracy(ran, W1)).isGreaterThan(0.6);
    assertThat(accuracy(ran, W2)).isGreaterThan(0.6);
  }
}
