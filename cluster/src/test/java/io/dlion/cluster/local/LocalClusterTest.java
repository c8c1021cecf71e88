package io.dlion.cluster.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.cluster.Line;
import io.dlion.cluster.Mean;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.wire.Control.Reason;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole clusters of the linear model. The time limit is there for hangs; it measures nothing. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalClusterTest {
  private final Cluster made = new Cluster();

  @ParameterizedTest
  @CsvSource({
    "dlion,1", "dlion,2", "dlion,4",
    "dlion-paper,1", "dlion-paper,2", "dlion-paper,4",
    "baseline,1", "baseline,2", "baseline,4",
    "local,1", "local,2", "local,4"
  })
  void trainsToTheGoalWithEachPreset(String preset, int workers) throws Exception {
    made.preset(preset).workers(workers);
    if (preset.equals("local")) {
      made.set("optimizer.learning-rate", "0.1"); // an own gradient counts b_k / B, here as well
    }
    try (LocalCluster cluster = made.start()) {
      List<WorkerOutcome> outcomes = cluster.await();
      assertThat(outcomes).extracting(WorkerOutcome::worker).hasSize(workers).isSorted();
      assertThat(outcomes)
          .allSatisfy(o -> {
            assertThat(o.failure()).isEmpty();
            assertThat(o.unsaved()).isEmpty();
            assertThat(o.reason()).isEqualTo(Reason.EPOCHS);
          });
      List<Double> r2 =
          outcomes.stream()
              .map(o -> o.learner().orElseThrow().evaluate(Line.examples(200, 99)).accuracy())
              .toList();
      // Without exchange nobody waits either: on a busy machine one may hardly have got a turn.
      assertThat(preset.equals("local") ? List.of(Collections.max(r2)) : r2)
          .allSatisfy(accuracy -> assertThat(accuracy).isGreaterThan(0.9));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bsp", "adsp"})
  void theModelOfARunWithAServerIsTheServersBitForBit(String preset) throws Exception {
    made.preset(preset).ballast = 1000;
    if (preset.equals("adsp")) {
      made.set("adsp.period", "0.2").set("adsp.commits", "4");
    }
    made.nanosPerSample = 20_000;
    try (LocalCluster cluster = made.start()) {
      List<WorkerOutcome> outcomes = cluster.await();
      assertThat(outcomes)
          .allSatisfy(o -> {
            assertThat(o.reason()).isEqualTo(Reason.EPOCHS);
            assertThat(o.rank().server()).contains(Cluster.id(1));
          });
      float[] servers = weights(outcomes.getFirst());
      Mean model = new Mean(MemorySegment.ofArray(new float[servers.length]));
      assertThat(cluster.agree(model).how()).isEqualTo("mean of 1");
      assertThat(model.model()).containsExactly(servers);
    }
  }

  @Test
  void theWorkerWithTheFastestLinesServes() throws Exception {
    made.preset("bsp").goal = new Goal(Cluster.TRAINING_EXAMPLES, Long.MAX_VALUE, 2);
    made.rates =
        new LinkRates(
            1e6,
            Map.of(
                new LinkRates.Pair(Cluster.id(2), Cluster.id(1)), 2e6,
                new LinkRates.Pair(Cluster.id(2), Cluster.id(3)), 2e6));
    assertThat(made.run()).allSatisfy(o -> assertThat(o.rank().server()).contains(Cluster.id(2)));
  }

  @Test
  void replicasOfABulkSynchronousRunAreBitIdentical() throws Exception {
    made.preset("baseline").workers(4).ballast = 1000;
    try (LocalCluster cluster = made.start()) {
      List<float[]> weights = cluster.await().stream().map(LocalClusterTest::weights).toList();
      assertThat(weights).allSatisfy(w -> assertThat(w).containsExactly(weights.getFirst()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "baseline", "local"})
  void aWorkerThatFailsLeavesTheOthersToFinish(String preset) throws Exception {
    IllegalStateException broken = new IllegalStateException("broken on purpose");
    made.preset(preset).hooks.put(Cluster.id(2), failsAt(25, broken));
    CountDownLatch lost = new CountDownLatch(2);
    made.onReport =
        r -> {
          if (r instanceof Report.Notice n && n.text().contains("lost w2")) {
            lost.countDown();
          }
        };
    for (int k : List.of(1, 3)) { // or, where nobody waits, they may be done before it has begun
      made.hooks.put(Cluster.id(k), waitsAt(40, lost));
    }
    List<WorkerOutcome> outcomes = made.run();
    assertThat(outcomes.get(1).reason()).isEqualTo(Reason.FAILURE);
    assertThat(outcomes.get(1).failure()).contains(broken);
    assertThat(List.of(outcomes.get(0), outcomes.get(2)))
        .allSatisfy(o -> {
          assertThat(o.failure()).isEmpty();
          assertThat(o.reason()).isEqualTo(Reason.EPOCHS);
        });
    assertThat(notices(1)).anyMatch(n -> n.contains("lost w2"));
  }

  @Test
  void aWorkerThatFailsInItsVeryFirstComputationIsMissedByNobody() throws Exception {
    made.preset("baseline").hooks.put(Cluster.id(1), failsAt(0, new OutOfMemoryError("pretended")));
    List<WorkerOutcome> outcomes = made.run();
    assertThat(outcomes)
        .extracting(WorkerOutcome::reason)
        .containsExactly(Reason.FAILURE, Reason.EPOCHS, Reason.EPOCHS);
  }

  @Test
  void theLastOneGoesOnAlone() throws Exception {
    made.hooks.put(Cluster.id(1), failsAt(10, new IllegalStateException("first")));
    made.hooks.put(Cluster.id(3), failsAt(10, new IllegalStateException("third")));
    assertThat(made.run())
        .extracting(WorkerOutcome::reason)
        .containsExactly(Reason.FAILURE, Reason.EPOCHS, Reason.FAILURE);
  }

  @Test
  void allFail() throws Exception {
    for (int k = 1; k <= 3; k++) {
      made.hooks.put(Cluster.id(k), failsAt(5, new IllegalStateException("worker " + k)));
    }
    assertThat(made.run()).extracting(WorkerOutcome::reason).containsOnly(Reason.FAILURE);
  }

  @Test
  void aSinkThatThrowsFailsTheWorkerAndHangsNothing() throws Exception {
    made.onReport =
        r -> {
          if (r.worker().equals(Cluster.id(1))) {
            throw new IllegalStateException("the sink is broken");
          }
        };
    assertThat(made.run())
        .extracting(WorkerOutcome::reason)
        .containsExactly(Reason.FAILURE, Reason.EPOCHS, Reason.EPOCHS);
  }

  @Test
  void aDivergedWorkerStopsAndTheOthersFinish() throws Exception {
    made.diverges = Cluster.id(3);
    List<WorkerOutcome> outcomes = made.run();
    assertThat(outcomes)
        .extracting(WorkerOutcome::reason)
        .containsExactly(Reason.EPOCHS, Reason.EPOCHS, Reason.DIVERGED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "baseline"})
  void aRequestEndsAllWhileOneComputesAndTheOthersWait(String preset) throws Exception {
    CountDownLatch computing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Line.Hook stuck =
        call -> {
          if (call == 20) {
            computing.countDown();
            await(goOn);
          }
          return false;
        };
    made.preset(preset).set("sync.bound", "0").goal = Goal.NONE;
    made.hooks.put(Cluster.id(2), stuck);
    try (LocalCluster cluster = made.start()) {
      await(computing);
      cluster.requestStop(Reason.REQUEST);
      goOn.countDown();
      assertThat(cluster.await()).extracting(WorkerOutcome::reason).containsOnly(Reason.REQUEST);
    }
  }

  @Test
  void aRequestRightAfterTheStartEndsAll() throws Exception {
    made.goal = Goal.NONE;
    try (LocalCluster cluster = made.start()) {
      cluster.requestStop(Reason.REQUEST);
      assertThat(cluster.await()).extracting(WorkerOutcome::reason).containsOnly(Reason.REQUEST);
    }
  }

  @Test
  void aRequestDuringAnEvaluationEndsAll() throws Exception {
    CountDownLatch evaluated = new CountDownLatch(1);
    made.set("evaluate.every", "0.001").goal = Goal.NONE;
    made.onReport =
        r -> {
          if (r instanceof Report.Evaluated) {
            evaluated.countDown();
          }
        };
    try (LocalCluster cluster = made.start()) {
      await(evaluated);
      cluster.requestStop(Reason.REQUEST);
      assertThat(cluster.await()).extracting(WorkerOutcome::reason).containsOnly(Reason.REQUEST);
    }
  }

  @Test
  void theTimeEndsTheRun() throws Exception {
    made.goal = new Goal(Long.MAX_VALUE, 300_000_000L, 2);
    assertThat(made.run()).extracting(WorkerOutcome::reason).containsOnly(Reason.TIME);
  }

  @Test
  void theTargetEndsTheRun() throws Exception {
    made.goal = new Goal(Long.MAX_VALUE, Long.MAX_VALUE, 0.5);
    assertThat(made.run()).extracting(WorkerOutcome::reason).containsOnly(Reason.TARGET);
  }

  @Test
  void trainingGoesOnWithoutCheckpointsAndTheOutcomeSaysWhy() throws Exception {
    made.checkpoints =
        c -> {
          throw new IOException("the disk is full");
        };
    assertThat(made.run())
        .allSatisfy(o -> {
          assertThat(o.reason()).isEqualTo(Reason.EPOCHS);
          assertThat(o.unsaved())
              .hasValueSatisfying(e -> assertThat(e).hasMessage("the disk is full"));
        });
    assertThat(notices(1)).anyMatch(n -> n.contains("training goes on: the disk is full"));
  }

  @Test
  void aSlowDiskHoldsUpNobodyElse() throws Exception {
    CountDownLatch saving = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(60);
    made.set("checkpoint.every", "1");
    made.checkpoints =
        c -> {
          if (c.worker().equals(Cluster.id(1))) {
            saving.countDown();
            await(others); // the disk is so slow that the others train meanwhile
          }
        };
    made.onReport =
        r -> {
          boolean other = r instanceof Report.Iteration && !r.worker().equals(Cluster.id(1));
          if (other && saving.getCount() == 0) {
            others.countDown();
          }
        };
    made.nanosPerSample = 20_000;
    assertThat(made.run())
        .allSatisfy(o -> {
          assertThat(o.reason()).isEqualTo(Reason.EPOCHS);
          assertThat(o.unsaved()).isEmpty();
        });
    assertThat(others.getCount()).isZero();
  }

  @Test
  void aLaterCheckpointMakesUpForOneThatFailed() throws Exception {
    Map<WorkerId, Integer> saves = new ConcurrentHashMap<>();
    made.checkpoints =
        c -> {
          if (saves.merge(c.worker(), 1, Integer::sum) == 1) {
            throw new IOException("once");
          }
        };
    assertThat(made.run()).allSatisfy(o -> assertThat(o.unsaved()).isEmpty());
  }

  @Test
  void goesOnFromCheckpoints() throws Exception {
    Map<WorkerId, Checkpoint> saved = new ConcurrentHashMap<>();
    made.preset("baseline").checkpoints = c -> saved.put(c.worker(), copy(c));
    made.goal = new Goal(Cluster.TRAINING_EXAMPLES * 2L, Long.MAX_VALUE, 2);
    made.run();
    long before = of(saved, 1).iteration();

    Cluster second = new Cluster().preset("baseline");
    second.resumeFrom.putAll(saved);
    second.checkpoints = c -> saved.put(c.worker(), copy(c));
    second.goal = new Goal(Cluster.TRAINING_EXAMPLES * 4L, Long.MAX_VALUE, 2);
    second.run();

    assertThat(second.reports(Report.Iteration.class, Cluster.id(1)).getFirst().iteration())
        .isEqualTo(before);
    assertThat(of(saved, 1).iteration()).isBetween(2 * before - 2, 2 * before + 2);
  }

  @Test
  void resumingGivesWhatOneRunWouldHaveGiven() throws Exception {
    Map<WorkerId, Checkpoint> half = new ConcurrentHashMap<>();
    Map<WorkerId, Checkpoint> resumed = new ConcurrentHashMap<>();
    Map<WorkerId, Checkpoint> whole = new ConcurrentHashMap<>();
    baselineTo(10, half, Map.of());
    baselineTo(20, resumed, half);
    baselineTo(20, whole, Map.of());
    assertThat(floats(of(resumed, 2).weights())).containsExactly(floats(of(whole, 2).weights()));
  }

  private static void baselineTo(
      int epochs, Map<WorkerId, Checkpoint> saved, Map<WorkerId, Checkpoint> from)
      throws Exception {
    Cluster cluster = new Cluster().preset("baseline").set("batching.initial", "20");
    cluster.resumeFrom.putAll(from);
    cluster.checkpoints = c -> saved.put(c.worker(), copy(c));
    cluster.goal = new Goal(Cluster.TRAINING_EXAMPLES * (long) epochs, Long.MAX_VALUE, 2);
    cluster.run();
  }

  @Test
  void shapedLinksCarrySmallerMessages() throws Exception {
    made.ballast = 50_000;
    made.nanosPerSample =
        100_000; // time in which the fast link can carry all and the slow one little
    made.goal = new Goal(Cluster.TRAINING_EXAMPLES * 4L, Long.MAX_VALUE, 2);
    made.rates =
        new LinkRates(
            Double.POSITIVE_INFINITY,
            Map.of(new LinkRates.Pair(Cluster.id(1), Cluster.id(2)), 500_000.0));
    made.run();
    List<Report.Sent> sent = made.reports(Report.Sent.class, Cluster.id(1));
    assertThat(lateBytes(sent, Cluster.id(2))).isLessThan(lateBytes(sent, Cluster.id(3)) / 2);
  }

  /** Mean size of messages to a peer once the link has been measured. */
  private static double lateBytes(List<Report.Sent> sent, WorkerId peer) {
    return sent.stream()
        .filter(s -> s.peer().equals(peer) && s.bytesPerSecond() > 0)
        .mapToLong(Report.Sent::bytes)
        .average()
        .orElseThrow();
  }

  /**
   * Allocations are counted per thread, and all of a worker's large arrays are made on its node's.
   * Arrays that are kept still grow now and then while a loaded machine changes what links carry:
   * what counts is the median of many stretches.
   */
  @ParameterizedTest
  @ValueSource(strings = {"dlion", "baseline"})
  void steadyTrainingAllocatesNothingOfTheModelsSize(String preset) throws Exception {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Map<Long, List<Long>> allocated = new ConcurrentHashMap<>();
    made.preset(preset)
        .set("batching.initial", "8")
        .set("batching.local", "fixed")
        .set("sync.mode", "bounded") // so that all of them come as far
        .set("transfer.scope", "none");
    made.set("batching.growth", "off")
        .set("evaluate.every", "1000")
        .set("checkpoint.every", "1000");
    made.ballast = 1_000_000;
    made.goal = new Goal(250 * 24, Long.MAX_VALUE, 2);
    made.onReport =
        r -> {
          if (r instanceof Report.Iteration i && i.iteration() >= 60 && i.iteration() % 10 == 0) {
            allocated
                .computeIfAbsent(Thread.currentThread().threadId(), id -> new ArrayList<>())
                .add(threads.getCurrentThreadAllocatedBytes());
          }
        };
    made.run();
    assertThat(allocated)
        .hasSize(3)
        .allSatisfy((thread, bytes) -> {
          long[] each =
              IntStream.range(1, bytes.size())
                  .mapToLong(i -> (bytes.get(i) - bytes.get(i - 1)) / 10)
                  .sorted()
                  .toArray();
          assertThat(each).hasSizeGreaterThan(10);
          assertThat(each[each.length / 2])
              .as("bytes per iteration; the model has 4,000,000: %s", Arrays.toString(each))
              .isLessThan(1_000_000);
        });
  }

  @Test
  void aSlowedWorkerGetsSmallerBatches() throws Exception {
    made.nanosPerSample = 100_000; // much more than the machine's own unsteadiness
    made.slowdown.put(Cluster.id(3), 8.0);
    made.goal = new Goal(Cluster.TRAINING_EXAMPLES * 10L, Long.MAX_VALUE, 2);
    List<WorkerOutcome> outcomes = made.run();
    assertThat(outcomes).extracting(WorkerOutcome::reason).containsOnly(Reason.EPOCHS);
    assertThat(meanBatch(3)).isLessThan(0.7 * meanBatch(1));
  }

  private double meanBatch(int worker) {
    return made.reports(Report.Iteration.class, Cluster.id(worker)).stream()
        .mapToInt(Report.Iteration::batchSize)
        .average()
        .orElseThrow();
  }

  @Test
  void nothingOfTheClusterIsLeftRunning() throws Exception {
    made.run();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("dlion-")) { // one that is just about to end is let end
        assertThat(thread.join(Duration.ofMinutes(2))).as(thread.getName()).isTrue();
      }
    }
  }

  @Test
  void aLearnerThatCannotBeMadeIsTheCallersError() {
    UserError error = new UserError("model.pt: expects another shape");
    assertThatThrownBy(() ->
            made.start(id -> {
              if (id.equals(Cluster.id(2))) {
                throw error;
              }
              return new Line(0, 0, call -> false);
            }))
        .isSameAs(error);
    assertThatThrownBy(() ->
            made.start(id -> {
              throw error;
            }))
        .isSameAs(error);
  }

  @Test
  void closingARunningClusterEndsIt() throws Exception {
    made.goal = Goal.NONE;
    LocalCluster cluster = made.start();
    cluster.close();
    assertThat(cluster.await()).extracting(WorkerOutcome::reason).containsOnly(Reason.REQUEST);
  }

  private static Line.Hook failsAt(long when, Throwable what) {
    return call -> {
      if (call == when) {
        switch (what) {
          case RuntimeException e -> throw e;
          case Error e -> throw e;
          default -> throw new AssertionError(what);
        }
      }
      return false;
    };
  }

  private static Line.Hook waitsAt(long when, CountDownLatch latch) {
    return call -> {
      if (call == when) {
        await(latch);
      }
      return false;
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(300, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> notices(int worker) {
    List<String> texts = new ArrayList<>();
    made.reports(Report.Notice.class, Cluster.id(worker)).forEach(n -> texts.add(n.text()));
    return texts;
  }

  private static Checkpoint of(Map<WorkerId, Checkpoint> checkpoints, int worker) {
    return Objects.requireNonNull(checkpoints.get(Cluster.id(worker)));
  }

  private static Checkpoint copy(Checkpoint c) {
    return new Checkpoint(
        c.worker(),
        c.state(),
        c.layout(),
        MemorySegment.ofArray(floats(c.weights())),
        c.memories().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, e -> MemorySegment.ofArray(floats(e.getValue())))),
        c.bufferLayout(),
        MemorySegment.ofArray(floats(c.buffers())));
  }

  private static float[] weights(WorkerOutcome outcome) {
    return floats(outcome.learner().orElseThrow().weights());
  }

  private static float[] floats(MemorySegment values) {
    return values.toArray(ValueLayout.JAVA_FLOAT);
  }
}
