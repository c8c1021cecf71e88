package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.cluster.line.FreePort;
import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.wire.Control.Reason;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers that reach each other over the loopback interface only. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TcpClusterTest {
  private final List<Lan> workers = new ArrayList<>();

  private Lan worker(String name) throws Exception {
    Lan made = new Lan(name, FreePort.address());
    workers.add(made);
    return made;
  }

  @AfterEach
  void close() {
    workers.forEach(Lan::close);
  }

  @Test
  void threeWorkersMeetTrainAndEndTogether() throws Exception {
    Lan first = worker("w1");
    InetSocketAddress seed = first.bind;
    List<CompletableFuture<WorkerOutcome>> outcomes = new ArrayList<>();
    for (Lan lan : List.of(first, worker("w2"), worker("w3"))) {
      lan.nanosPerSample = 200_000; // or all is over before a busy machine has carried a gradient
      outcomes.add(lan.run(seed));
      if (lan == first) { // before there is nobody any more to wait for
        assertThat(first.said.take()).contains("waiting").contains("3");
      }
    }
    for (CompletableFuture<WorkerOutcome> outcome : outcomes) {
      assertThat(outcome.get().reason()).isEqualTo(Reason.EPOCHS);
      assertThat(outcome.get().best()).isPresent();
    }
    for (Lan w : workers) {
      assertThat(w.worker().trainingExamples()).isEqualTo(3 * Lan.EXAMPLES);
      assertThat(w.reported(r -> r instanceof Report.Sent)).isTrue();
      Report.Evaluated last =
          (Report.Evaluated)
              w.reports.stream()
                  .filter(r -> r instanceof Report.Evaluated)
                  .reduce((a, b) -> b)
                  .orElseThrow();
      assertThat(last.loss()).isLessThan(0.2);
    }
  }

  private static CompletableFuture<Agreement> agree(Lan lan, WorkerOutcome outcome) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return lan.worker().agree(new Mean(outcome.learner().orElseThrow().weights()));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> Thread.ofPlatform().start(task));
  }

  @Test
  void allEndWithOneModelAndWithoutTheOneThatIsGone() throws Exception {
    Lan first = worker("w1");
    List<CompletableFuture<WorkerOutcome>> running = new ArrayList<>();
    for (Lan lan : List.of(first, worker("w2"), worker("w3"))) {
      lan.ballast = 100_000; // several parts
      running.add(lan.run(first.bind));
    }
    List<WorkerOutcome> outcomes = new ArrayList<>();
    for (CompletableFuture<WorkerOutcome> outcome : running) {
      outcomes.add(outcome.get());
    }
    CompletableFuture<Agreement> second = agree(workers.get(1), outcomes.get(1));
    CompletableFuture<Agreement> third = agree(workers.get(2), outcomes.get(2));
    first.close(); // it would have made the model
    Agreement expected = new Agreement("mean of 2", Optional.of(new WorkerId("w2")));
    assertThat(second.get()).isEqualTo(expected);
    assertThat(third.get()).isEqualTo(expected);
    assertThat(weights(outcomes.get(1)).mismatch(weights(outcomes.get(2)))).isEqualTo(-1);
  }

  private static MemorySegment weights(WorkerOutcome outcome) {
    return outcome.learner().orElseThrow().weights();
  }

  @Test
  void aLateComerGetsWeightsAndTrainsWithTheOthers() throws Exception {
    Lan first = worker("w1");
    first.minWorkers = 1;
    first.nanosPerSample = 100_000;
    first.goal = Goal.NONE;
    CountDownLatch under = new CountDownLatch(20);
    first.alsoTo = r -> under.countDown();
    CompletableFuture<WorkerOutcome> running = first.run(first.bind);
    under.await();
    Lan late = worker("w2");
    late.nanosPerSample = 100_000;
    late.goal = Goal.NONE;
    CountDownLatch trained = new CountDownLatch(5);
    late.alsoTo =
        r -> {
          if (r instanceof Report.Iteration) {
            trained.countDown();
          }
        };
    CompletableFuture<WorkerOutcome> joined = late.run(first.bind);
    trained.await();
    Report.Iteration begun =
        (Report.Iteration)
            late.reports.stream()
                .filter(r -> r instanceof Report.Iteration)
                .findFirst()
                .orElseThrow();
    assertThat(begun.iteration()).isPositive();
    assertThat(late.worker().description()).contains("under way").contains("w1");
    late.worker().requestStop(Reason.REQUEST);
    assertThat(joined.get().reason()).isEqualTo(Reason.REQUEST);
    late.close();
    first.worker().requestStop(Reason.REQUEST);
    assertThat(running.get().reason()).isEqualTo(Reason.REQUEST);
  }

  @Test
  void anotherJobIsRefusedOnBothSides() throws Exception {
    Lan first = worker("w1");
    first.job = Map.of("model", "line", "seed", "1");
    CompletableFuture<WorkerOutcome> waiting = first.run(first.bind);
    assertThat(first.said.take()).contains("here: ");
    Lan other = worker("w2");
    other.job = Map.of("model", "cnn", "seed", "1");
    assertThatThrownBy(other.run(first.bind)::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(UserError.class)
        .hasMessageContaining("w1")
        .hasMessageContaining("model is line there and cnn here");
    String said = first.said.take();
    while (!said.contains("refused")) {
      said = first.said.take();
    }
    assertThat(said).contains("w2").contains("model is cnn there and line here");
    first.worker().requestStop(Reason.REQUEST);
    assertThat(waiting.get().reason()).isEqualTo(Reason.REQUEST);
  }

  /** The first looks at addresses, so those who look either way understand each other. */
  @Test
  void workersFindEachOtherUnderAName() throws Exception {
    Lan first = worker("w1");
    SeedHosts seeds = SeedHosts.parse("dns:localhost:" + first.bind.getPort());
    List<CompletableFuture<WorkerOutcome>> outcomes = new ArrayList<>();
    for (Lan each : List.of(first, worker("w2"), worker("w3"))) {
      each.goal = Goal.NONE;
      outcomes.add(each == first ? each.run(first.bind) : each.run(seeds));
    }
    CountDownLatch gradients = new CountDownLatch(3);
    first.countsDown(gradients);
    gradients.await();
    assertThat(first.worker().status().links())
        .extracting(WorkerStatus.Link::peer)
        .containsExactly(new WorkerId("w2"), new WorkerId("w3"));
    for (Lan each : workers) {
      each.worker().requestStop(Reason.REQUEST);
    }
    for (CompletableFuture<WorkerOutcome> outcome : outcomes) {
      assertThat(outcome.get().reason()).isEqualTo(Reason.REQUEST);
    }
  }

  @Test
  void aSeedWithoutAnAddressKeepsNobodyFromFindingTheOthers() throws Exception {
    Lan first = worker("w1");
    String seeds = "nosuch.invalid:7800,127.0.0.1:" + first.bind.getPort();
    List<CompletableFuture<WorkerOutcome>> outcomes = new ArrayList<>();
    for (Lan each : List.of(first, worker("w2"))) {
      each.minWorkers = 2;
      outcomes.add(each.run(SeedHosts.parse(seeds)));
    }
    for (CompletableFuture<WorkerOutcome> outcome : outcomes) {
      assertThat(outcome.get().reason()).isEqualTo(Reason.EPOCHS);
    }
    assertThat(first.said)
        .anyMatch(line -> line.contains("warning: --seeds") && line.contains("nosuch.invalid"));
  }

  @Test
  void anObserverSeesTheMembersAndIsNone() throws Exception {
    Lan first = worker("w1");
    first.minWorkers = 1;
    first.nanosPerSample = 100_000;
    first.goal = Goal.NONE;
    CountDownLatch under = new CountDownLatch(20);
    first.alsoTo = r -> under.countDown();
    CompletableFuture<WorkerOutcome> running = first.run(first.bind);
    under.await();
    WorkerStatus seen = WorkerStatus.decode(first.worker().status().encode());
    assertThat(seen.worker()).isEqualTo(new WorkerId("w1"));
    assertThat(seen.doing().phase()).isEqualTo("training");
    assertThat(seen.doing().iteration()).isPositive();
    assertThat(seen.links()).isEmpty();
    first.worker().requestStop(Reason.REQUEST);
    assertThat(running.get().reason()).isEqualTo(Reason.REQUEST);
  }
}
