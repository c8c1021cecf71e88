package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.line.FreePort;
import io.dlion.cluster.security.CertificateAuthority;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.wire.Control.Reason;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers with certificates on the loopback interface, one of which serves. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServedClusterTest {
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");

  @TempDir private Path dir;

  private final List<Lan> workers = new ArrayList<>();
  private final Map<WorkerId, CompletableFuture<WorkerOutcome>> running = new TreeMap<>();
  private final Map<WorkerId, Credentials> issued = new TreeMap<>();
  private CertificateAuthority authority;

  @BeforeEach
  void authority() throws Exception {
    authority =
        CertificateAuthority.create(dir.resolve("ca"), Duration.ofDays(3650), Instant.now());
  }

  @AfterEach
  void close() {
    workers.forEach(Lan::close);
  }

  private Credentials credentials(WorkerId id) throws Exception {
    Credentials before = issued.get(id);
    if (before != null) {
      return before;
    }
    Credentials made =
        Credentials.load(
            authority.issue(id, List.of(), Duration.ofDays(365), Instant.now()).folder());
    issued.put(id, made);
    return made;
  }

  private Lan worker(WorkerId id, String preset) throws Exception {
    Lan made = new Lan(id.name(), FreePort.address());
    made.security = Optional.of(Security.of(credentials(id)));
    made.settings =
        Presets.find(preset)
            .settings()
            .with("optimizer.learning-rate", "0.03")
            .with("server.name", "w1");
    if (preset.equals("adsp")) {
      made.settings = made.settings.with("adsp.period", "0.5").with("adsp.commits", "5");
    }
    made.goal = Goal.NONE;
    made.nanosPerSample = 100_000;
    workers.add(made);
    return made;
  }

  /** Three that begin together, and the first of them serves. */
  private void three(String preset, Goal goal) throws Exception {
    for (WorkerId id : List.of(W1, W2, W3)) {
      Lan made = worker(id, preset);
      made.goal = goal;
    }
  }

  private void run() {
    workers.forEach(lan -> running.put(lan.id, lan.run(workers.getFirst().bind)));
  }

  private static CountDownLatch commits(Lan of, WorkerId to, int count) {
    return commits(of, to::equals, count);
  }

  /** How a worker ends. */
  private WorkerOutcome end(WorkerId id) throws Exception {
    return Objects.requireNonNull(running.get(id)).get();
  }

  /** Each commit of a worker to a server of these counts. */
  private static CountDownLatch commits(Lan of, Predicate<WorkerId> to, int count) {
    CountDownLatch left = new CountDownLatch(count);
    of.alsoTo =
        r -> {
          if (r instanceof Report.Committed c && to.test(c.server())) {
            left.countDown();
          }
        };
    return left;
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

  /** Ends the run for those who are there; all then have the model that the server had. */
  private void allEndWithTheModelOf(WorkerId server, List<Lan> those) throws Exception {
    float[] expected = {};
    Map<Lan, WorkerOutcome> outcomes = new HashMap<>();
    for (Lan lan : those) {
      WorkerOutcome outcome = end(lan.id);
      assertThat(outcome.rank().server()).contains(server);
      outcomes.put(lan, outcome);
      if (lan.id.equals(server)) {
        expected = weights(outcome);
      }
    }
    List<CompletableFuture<Agreement>> agreements = new ArrayList<>();
    outcomes.forEach((lan, outcome) -> agreements.add(agree(lan, outcome)));
    for (CompletableFuture<Agreement> agreement : agreements) {
      assertThat(agreement.get()).isEqualTo(new Agreement("mean of 1", Optional.of(server)));
    }
    for (WorkerOutcome outcome : outcomes.values()) {
      assertThat(weights(outcome)).as("%s", outcome.worker()).containsExactly(expected);
    }
  }

  private static float[] weights(WorkerOutcome outcome) {
    return outcome.learner().orElseThrow().weights().toArray(ValueLayout.JAVA_FLOAT);
  }

  private static Optional<Report.Notice> notice(Lan of, String text) {
    return of.reports.stream()
        .filter(Report.Notice.class::isInstance)
        .map(Report.Notice.class::cast)
        .filter(n -> n.text().contains(text))
        .findFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bsp", "adsp"})
  void allEndWithTheServersModelBitForBit(String preset) throws Exception {
    three(preset, new Goal(Lan.EXAMPLES * 10L, Long.MAX_VALUE, 2));
    workers.forEach(lan -> lan.ballast = 20_000); // several parts
    run();
    for (Lan lan : workers) {
      assertThat(end(lan.id).reason()).isEqualTo(Reason.EPOCHS);
    }
    allEndWithTheModelOf(W1, workers);
    assertThat(workers.getFirst().reports).anyMatch(r -> r instanceof Report.Serving);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bsp", "adsp"})
  void theServerDiesAnotherTakesOverAndItIsAClientWhenItComesBack(String preset) throws Exception {
    three(preset, Goal.NONE);
    Lan first = workers.get(0);
    Lan second = workers.get(1);
    Lan third = workers.get(2);
    CountDownLatch before = commits(third, W1, 4);
    run();
    before.await();
    CountDownLatch after = commits(third, server -> !server.equals(W1), 4);
    first.close(); // without a word
    after.await();
    Lan successor = notice(second, "serves, from version").isPresent() ? second : third;
    Report.Notice lost = notice(successor, "lost w1").orElseThrow();
    Report.Notice serves = notice(successor, "serves, from version").orElseThrow();
    assertThat(serves.atNanos() - lost.atNanos())
        .as("another takes over")
        .isLessThan(Duration.ofSeconds(6).toNanos());

    Lan again = worker(W1, preset);
    CountDownLatch asClient = commits(again, successor.id, 2);
    running.put(W1, again.run(second.bind));
    asClient.await();
    assertThat(again.reports).noneMatch(r -> r instanceof Report.Serving);
    for (Lan lan : List.of(again, third, second)) {
      lan.worker().requestStop(Reason.REQUEST);
      assertThat(end(lan.id).reason()).isEqualTo(Reason.REQUEST);
      lan.close();
    }
  }

  @Test
  void whoComesLateGetsTheModelAndCommits() throws Exception {
    Lan first = worker(W1, "bsp");
    first.minWorkers = 1;
    CountDownLatch under = commits(first, W1, 20);
    running.put(W1, first.run(first.bind));
    under.await();
    Lan late = worker(W2, "bsp");
    CountDownLatch committed = commits(late, W1, 3);
    running.put(W2, late.run(first.bind));
    committed.await();
    Report.Committed begun =
        late.reports.stream()
            .filter(Report.Committed.class::isInstance)
            .map(Report.Committed.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(begun.version()).as("the model that it began with").isGreaterThanOrEqualTo(20);
    for (Lan lan : List.of(late, first)) {
      lan.worker().requestStop(Reason.REQUEST);
      assertThat(end(lan.id).reason()).isEqualTo(Reason.REQUEST);
      lan.close();
    }
  }

  @Test
  void whoIsAskedToStopLeavesTheOthersToGoOnEvenWhereItServed() throws Exception {
    three("bsp", Goal.NONE);
    CountDownLatch before = commits(workers.get(2), W1, 4);
    run();
    before.await();
    CountDownLatch after = commits(workers.get(2), server -> !server.equals(W1), 4);
    workers.getFirst().worker().requestStop(Reason.REQUEST);
    WorkerOutcome stopped = end(W1);
    assertThat(stopped.reason()).isEqualTo(Reason.REQUEST);
    assertThat(stopped.failure()).isEmpty();
    workers.getFirst().close();
    after.await();
    assertThat(notice(workers.get(1), "w1 takes part no longer")).isPresent();
  }

  @Test
  void aServerThatIsNotThereIsToldOfAndAnotherServes() throws Exception {
    three("bsp", new Goal(Lan.EXAMPLES * 3L, Long.MAX_VALUE, 2));
    workers.forEach(lan -> lan.settings = lan.settings.with("server.name", "office"));
    run();
    for (Lan lan : workers) {
      WorkerOutcome outcome = end(lan.id);
      assertThat(outcome.reason()).isEqualTo(Reason.EPOCHS);
      String server = outcome.rank().server().orElseThrow().name();
      assertThat(notice(lan, "server.name=office: no such worker is here; " + server + " serves"))
          .as("%s", lan.reports)
          .isPresent();
    }
  }

  @Test
  void aRunGoesOnFromTheNewestModelThatAnybodyHasSaved() throws Exception {
    three("bsp", new Goal(Lan.EXAMPLES * 2L, Long.MAX_VALUE, 2));
    Map<WorkerId, Checkpoint> saved = new ConcurrentHashMap<>();
    workers.forEach(lan -> lan.checkpoints = c -> saved.put(c.worker(), c));
    run();
    for (Lan lan : workers) {
      end(lan.id);
      lan.close();
    }
    long newest = Objects.requireNonNull(saved.get(W1)).iteration();
    assertThat(newest).isPositive();
    workers.clear();
    three("bsp", new Goal(Lan.EXAMPLES * 4L, Long.MAX_VALUE, 2));
    for (Lan lan : workers) {
      if (!lan.id.equals(W1)) { // the server has lost its disk
        lan.resumeFrom = Optional.of(Objects.requireNonNull(saved.get(lan.id)));
      }
    }
    run();
    long held =
        Math.max(
            Objects.requireNonNull(saved.get(W2)).iteration(),
            Objects.requireNonNull(saved.get(W3)).iteration());
    for (Lan lan : workers) {
      assertThat(end(lan.id).reason()).isEqualTo(Reason.EPOCHS);
    }
    assertThat(notice(workers.getFirst(), "serves, from version " + held)).isPresent();
  }
}
