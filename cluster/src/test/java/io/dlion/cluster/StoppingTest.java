package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.cluster.line.FreePort;
import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.wire.Control.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker that is asked to stop ends so, whatever it is doing at that moment. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoppingTest {
  private final List<Lan> workers = new ArrayList<>();

  private Lan worker(String name) throws Exception {
    Lan made = new Lan(name, FreePort.address());
    made.goal = Goal.NONE;
    made.minWorkers = 1;
    workers.add(made);
    return made;
  }

  @AfterEach
  void close() {
    workers.forEach(Lan::close);
  }

  private static void stop(Lan lan) {
    lan.worker().requestStop(Reason.REQUEST);
  }

  private static void assertStoppedUntrained(WorkerOutcome outcome) {
    assertThat(outcome.reason()).isEqualTo(Reason.REQUEST);
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.learner()).isEmpty();
  }

  @Test
  void beforeItGathers() throws Exception {
    Lan one = worker("w1");
    ClusterWorker joined = one.join(one.bind);
    assertThatThrownBy(joined::await)
        .as("nobody has asked it to, so it has not ended")
        .isInstanceOf(IllegalStateException.class);
    stop(one);
    assertThat(joined.gather()).isFalse();
    assertStoppedUntrained(joined.await().getFirst());
  }

  @Test
  void whileItGathers() throws Exception {
    Lan one = worker("w1");
    one.minWorkers = 2;
    CompletableFuture<WorkerOutcome> waiting = one.run(one.bind);
    assertThat(one.said.take()).contains("waiting");
    stop(one);
    assertStoppedUntrained(waiting.get());
  }

  @Test
  void onceItHasGathered() throws Exception {
    Lan one = worker("w1");
    ClusterWorker joined = one.join(one.bind);
    assertThat(joined.gather()).isTrue();
    stop(one);
    one.start(joined);
    assertThat(joined.await().getFirst().reason()).isEqualTo(Reason.REQUEST);
  }

  @Test
  void whileItsModelIsMade() throws Exception {
    Lan one = worker("w1");
    one.asLearnerIsMade = () -> stop(one);
    WorkerOutcome outcome = one.run(one.bind).get();
    assertThat(outcome.reason()).isEqualTo(Reason.REQUEST);
    assertThat(outcome.soundReplica()).isPresent();
  }

  @Test
  void comingLateBeforeItHasWeights() throws Exception {
    CountDownLatch computing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Lan first = worker("w1");
    first.hook =
        call -> {
          computing.countDown();
          await(goOn);
          return false;
        };
    CompletableFuture<WorkerOutcome> running = first.run(first.bind);
    computing.await(); // and hands out no weights before that is done
    Lan late = worker("w2");
    late.minWorkers = 2; // or it begins alone where a busy machine brings them together late
    CountDownLatch told = new CountDownLatch(1);
    late.asLearnerIsMade = told::countDown;
    CompletableFuture<WorkerOutcome> joined = late.run(first.bind);
    told.await();
    stop(late);
    assertThat(joined.get().reason()).isEqualTo(Reason.REQUEST);
    assertThat(late.reports).as("%s", late.said).noneMatch(r -> r instanceof Report.Iteration);
    goOn.countDown();
    stop(first);
    assertThat(running.get().reason()).isEqualTo(Reason.REQUEST);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whileItWaitsForTheModelOfTheRun() throws Exception {
    Lan first = worker("w1");
    Lan second = worker("w2");
    List<CompletableFuture<WorkerOutcome>> running = new ArrayList<>();
    for (Lan lan : List.of(first, second)) {
      lan.minWorkers = 2;
      lan.goal = new Goal(Lan.EXAMPLES, Long.MAX_VALUE, 2);
      running.add(lan.run(first.bind));
    }
    for (CompletableFuture<WorkerOutcome> outcome : running) {
      assertThat(outcome.get().reason()).isEqualTo(Reason.EPOCHS);
    }
    stop(second); // w1 would make the model, and does not
    WorkerOutcome outcome = running.get(1).get();
    assertThat(second.worker().agree(new Mean(outcome.learner().orElseThrow().weights())))
        .isEqualTo(new Agreement("mean of 1", Optional.of(second.id)));
  }
}
