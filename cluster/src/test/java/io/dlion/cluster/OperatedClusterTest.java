package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.line.FreePort;
import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.worker.ModelCopy;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.wire.Control.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three workers on loopback, of both families, that an operator stops or lets rest. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OperatedClusterTest {
  private final List<Lan> workers = new ArrayList<>();
  private final List<CompletableFuture<WorkerOutcome>> running = new ArrayList<>();
  private final Map<Lan, Checkpoint> saved = new ConcurrentHashMap<>();

  @AfterEach
  void close() {
    workers.forEach(Lan::close);
  }

  private Lan worker(String name, String preset) throws Exception {
    Lan made = new Lan(name, FreePort.address());
    made.settings = Presets.find(preset).settings().with("optimizer.learning-rate", "0.03");
    if (preset.equals("bsp")) {
      made.settings = made.settings.with("server.name", "w1");
    }
    made.goal = Goal.NONE;
    made.nanosPerSample = 100_000;
    made.checkpoints = c -> saved.put(made, c.copy());
    workers.add(made);
    return made;
  }

  private void run(Lan lan) {
    running.add(lan.run(workers.getFirst().bind));
  }

  /** Three that train. */
  private void three(String preset) throws Exception {
    for (String name : List.of("w1", "w2", "w3")) {
      worker(name, preset);
    }
    List<CountDownLatch> steps = workers.stream().map(lan -> steps(lan, 20)).toList();
    workers.forEach(this::run);
    for (CountDownLatch each : steps) {
      await(each);
    }
  }

  /** A worker that has failed is not waited for. */
  private void await(CountDownLatch steps) throws InterruptedException {
    while (!steps.await(100, TimeUnit.MILLISECONDS)) {
      running.stream().filter(CompletableFuture::isCompletedExceptionally).forEach(f -> f.join());
    }
  }

  /** So many steps of its own from now on. */
  private static CountDownLatch steps(Lan lan, int count) {
    CountDownLatch left = new CountDownLatch(count);
    lan.alsoTo =
        r -> {
          if (r instanceof Report.Iteration) {
            left.countDown();
          }
        };
    return left;
  }

  /** All end for that reason, and with one model. */
  private void assertOneModel(List<Lan> those, List<CompletableFuture<WorkerOutcome>> ended)
      throws Exception {
    List<CompletableFuture<Agreement>> agreements = new ArrayList<>();
    for (int k = 0; k < those.size(); k++) {
      WorkerOutcome outcome = ended.get(k).get();
      assertThat(outcome.reason()).as(those.get(k).id.name()).isEqualTo(Reason.STOPPED);
      ClusterWorker worker = those.get(k).worker();
      agreements.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return worker.agree(new Mean(outcome.learner().orElseThrow().weights()));
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              },
              task -> Thread.ofPlatform().start(task)));
    }
    for (CompletableFuture<Agreement> agreement : agreements) {
      assertThat(agreement.get().how()).isEqualTo(agreements.getFirst().get().how());
    }
    float[] first = model(those.getFirst());
    for (Lan lan : those) {
      assertThat(model(lan)).as(lan.id.name()).isEqualTo(first);
    }
  }

  private static float[] model(Lan lan) {
    return Objects.requireNonNull(lan.learner)
        .weights()
        .toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "bsp"})
  void whoeverIsToldToStopTellsAllAndAllLeaveOneModel(String preset) throws Exception {
    three(preset);
    workers.getLast().worker().requestStop(Reason.STOPPED); // with a server: a client
    assertOneModel(workers, running);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "bsp"})
  void aModelIsCopiedWhileTrainingGoesOn(String preset) throws Exception {
    three(preset);
    CountDownLatch goesOn = steps(workers.get(1), 30);
    for (Lan lan : workers) {
      ModelCopy first = lan.worker().model().orElseThrow().get();
      ModelCopy later = first;
      while (later.weights().mismatch(first.weights()) < 0) { // until steps have changed it
        later = lan.worker().model().orElseThrow().get();
      }
      assertThat(first.isFinite() && later.isFinite()).isTrue();
      assertThat(later.precedence()).isGreaterThanOrEqualTo(first.precedence());
    }
    await(goesOn);
    workers.getFirst().worker().requestStop(Reason.STOPPED);
    assertOneModel(workers, running);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "bsp"})
  void whoRestsIsNotWaitedForAndCatchesUpWhenItComesBack(String preset) throws Exception {
    three(preset);
    Lan rests = workers.get(2);
    rests.worker().requestStop(Reason.PAUSED);
    WorkerOutcome outcome = running.get(2).get();
    assertThat(outcome.reason()).isEqualTo(Reason.PAUSED);
    Checkpoint kept = Objects.requireNonNull(saved.get(rests));
    assertThat(kept.iteration()).isPositive();
    rests.close();
    for (Lan others : workers.subList(0, 2)) {
      await(steps(others, 20));
    }
    Lan back = worker("w3", preset);
    back.resumeFrom = Optional.of(kept);
    CountDownLatch trains = steps(back, 10);
    run(back);
    await(trains);
    List<Lan> all = List.of(workers.get(0), workers.get(1), back);
    all.forEach(lan -> lan.worker().requestStop(Reason.STOPPED));
    assertOneModel(all, List.of(running.get(0), running.get(1), running.get(3)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "bsp"})
  void allRestAndGoOnFromWhereTheyWere(String preset) throws Exception {
    three(preset);
    workers.forEach(lan -> lan.worker().requestStop(Reason.PAUSED));
    for (CompletableFuture<WorkerOutcome> each : running) {
      assertThat(each.get().reason()).isEqualTo(Reason.PAUSED);
    }
    List<Checkpoint> kept = workers.stream().map(saved::get).map(Objects::requireNonNull).toList();
    workers.forEach(Lan::close);
    workers.clear();
    running.clear();
    for (int k = 0; k < 3; k++) {
      Lan back = worker("w" + (k + 1), preset);
      back.resumeFrom = Optional.of(kept.get(k));
    }
    long furthest = kept.stream().mapToLong(c -> c.number("samples")).max().orElseThrow();
    List<CountDownLatch> steps = workers.stream().map(lan -> steps(lan, 5)).toList();
    workers.forEach(this::run);
    for (CountDownLatch each : steps) {
      await(each);
    }
    for (Lan lan : workers) {
      assertThat(lan.worker().status().doing().samples())
          .as("samples of " + lan.id)
          .isGreaterThanOrEqualTo(furthest);
    }
    workers.forEach(lan -> lan.worker().requestStop(Reason.STOPPED));
    assertOneModel(workers, running);
  }
}
