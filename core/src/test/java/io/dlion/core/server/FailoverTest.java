package io.dlion.core.server;

import static io.dlion.core.server.Members.LINE;
import static io.dlion.core.server.Members.accuracy;
import static io.dlion.core.server.Members.assertEndedAlike;
import static io.dlion.core.server.Members.cluster;
import static io.dlion.core.server.Members.commits;
import static io.dlion.core.server.Members.model;
import static io.dlion.core.server.Members.preset;
import static io.dlion.core.server.Members.samples;
import static io.dlion.core.server.Members.serves;
import static io.dlion.core.server.Members.typeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.MessageType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who serves, and what becomes of a run when that one, or a message, is lost. */
class FailoverTest {
  /** Those who live hold one model, and ended for this reason. */
  private static void assertOthersEndedAlike(Simulation cluster, Worker dead) {
    cluster.workers.remove(dead.id);
    assertEndedAlike(cluster, Reason.EPOCHS);
  }

  // ---- who serves first

  @Test
  void theMemberThatIsNamedServes() {
    Simulation cluster = cluster(preset("ssp").with("server.name", "w3"), 3, samples(3_000));
    cluster.run(1000);
    assertEndedAlike(cluster, Reason.EPOCHS);
    assertThat(serves(cluster.worker(3))).hasSize(1);
    assertThat(serves(cluster.worker(1))).isEmpty();
  }

  @Test
  void aMemberWithoutDataServesAndDoesNotTrain() {
    Simulation cluster = cluster(preset("ssp"), 3, samples(3_000));
    Worker second = cluster.withoutData(2);
    cluster.run(1000);
    assertEndedAlike(cluster, Reason.EPOCHS);
    assertThat(serves(second)).hasSize(1);
    assertThat(second.iterations).isZero();
    assertThat(accuracy(second)).isGreaterThan(0.5);
  }

  @Test
  void elseTheMemberWithTheBestLinesServes() {
    Simulation cluster = cluster(preset("ssp"), 4, samples(3_000));
    cluster.bytesPerSecond =
        (from, to) -> List.of(from.name(), to.name()).contains("w3") ? 1e7 : 1e6;
    cluster.run(1000);
    assertEndedAlike(cluster, Reason.EPOCHS);
    assertThat(serves(cluster.worker(3))).hasSize(1);
  }

  @Test
  void membersAgreeThoughLinesChangeWhileTheyChoose() {
    Seeded.check(
        30,
        random -> {
          Simulation cluster = cluster(preset("ssp"), 5, samples(3_000));
          cluster.bytesPerSecond = (from, to) -> 1e6 * (1 + random.nextDouble());
          cluster.latencyNanos = (from, to) -> random.nextLong(20_000_000);
          cluster.run(1000);
          assertEndedAlike(cluster, Reason.EPOCHS);
          List<Double> began =
              cluster.workers.values().stream().flatMap(w -> serves(w).stream()).toList();
          assertThat(began).hasSize(1);
          assertThat(began.getFirst()).isLessThan(1);
        });
  }

  // ---- the server dies

  @Test
  void theSuccessorGoesOnFromTheNewestModelThatAnybodyHolds() {
    for (String preset : Members.PRESETS) {
      Seeded.check(
          5,
          random -> {
            Simulation cluster = cluster(preset(preset), 4, samples(40_000));
            cluster.latencyNanos = (from, to) -> random.nextLong(20_000_000);
            for (Worker worker : cluster.workers.values()) {
              worker.betaSeconds = 0.0001 * (1 + random.nextInt(4));
            }
            Worker first = cluster.worker(1);
            double dies = 0.2 + 0.5 * random.nextDouble();
            long[] newest = new long[1];
            cluster.at(
                dies,
                () -> {
                  cluster.crash(first);
                  cluster.workers.values().stream()
                      .filter(w -> w != first)
                      .flatMap(w -> commits(w).stream())
                      .forEach(c -> newest[0] = Math.max(newest[0], c.version()));
                });
            cluster.run(1000);
            Worker second = cluster.worker(2);
            assertThat(serves(second)).as(preset).hasSize(1);
            assertThat(serves(second).getFirst()).as("took over").isBetween(dies, dies + 6);
            Report.Serving begun = second.reports(Report.Serving.class).getFirst();
            assertThat(begun.version()).as(preset).isGreaterThanOrEqualTo(newest[0]);
            assertOthersEndedAlike(cluster, first);
            assertThat(accuracy(second)).as(preset).isGreaterThan(0.9);
          });
    }
  }

  @Test
  void whoDiedComesBackAsAClient() {
    for (String preset : Members.PRESETS) {
      Simulation cluster = cluster(preset(preset), 3, samples(60_000));
      Worker first = cluster.worker(1);
      Worker[] again = new Worker[1];
      cluster.at(0.5, () -> cluster.crash(first));
      cluster.at(
          3,
          () -> {
            again[0] = cluster.again(first);
            cluster.joinsAt(3, again[0]);
          });
      cluster.run(1000);
      assertThat(serves(cluster.worker(2))).as(preset).hasSize(1);
      assertThat(serves(again[0])).as(preset).isEmpty();
      assertThat(commits(again[0])).as(preset).isNotEmpty();
      assertThat(commits(again[0]).getFirst().version()).as("it got the model").isPositive();
      assertEndedAlike(cluster, Reason.EPOCHS);
    }
  }

  @Test
  void aDedicatedServerThatComesBackEndsWithTheModelOfTheRun() {
    Simulation cluster = cluster(preset("ssp"), 3, samples(60_000));
    Worker dedicated = cluster.withoutData(3);
    cluster.at(0.5, () -> cluster.crash(dedicated));
    cluster.at(3, () -> cluster.joinsAt(3, cluster.again(dedicated)));
    cluster.run(1000);
    assertThat(serves(cluster.worker(1))).hasSize(1);
    assertEndedAlike(cluster, Reason.EPOCHS);
  }

  @Test
  void aServerThatIsAskedToStopLeavesAllThatWasApplied() {
    for (String preset : List.of("bsp", "ssp", "fixed-adacomm")) {
      Simulation cluster = cluster(preset(preset), 3, samples(40_000));
      Worker first = cluster.worker(1);
      cluster.at(0.7, () -> first.stop(Reason.REQUEST));
      cluster.run(1000);
      assertThat(first.finished).isEqualTo(Reason.REQUEST);
      assertThat(serves(cluster.worker(2))).as(preset).hasSize(1);
      long applied = first.saved.getLast().number("version");
      Report.Serving begun = cluster.worker(2).reports(Report.Serving.class).getFirst();
      assertThat(begun.version()).as(preset).isEqualTo(applied);
      assertOthersEndedAlike(cluster, first);
    }
  }

  @Test
  void withoutAServerAClientTrainsUpToItsCommitAndSaysForWhatItWaits() {
    Settings settings = preset("fixed-adacomm");
    Simulation cluster = cluster(settings, 3, samples(40_000));
    Worker first = cluster.worker(1);
    Worker second = cluster.worker(2);
    long[] before = new long[1];
    cluster.at(
        0.5,
        () -> {
          before[0] = second.iterations;
          first.gone = true; // nobody has noticed yet
        });
    cluster.at(8, () -> assertThat(second.iterations - before[0]).isBetween(1L, 41L));
    cluster.at(8, () -> cluster.crash(first));
    cluster.run(1000);
    assertThat(second.notices(Report.Severity.INFO))
        .anyMatch(n -> n.startsWith("has waited 5 s for the answer of w1 to commit"));
    assertOthersEndedAlike(cluster, first);
  }

  // ---- members come, and lose sight of each other

  @Test
  void whoComesLateGetsTheModelAndItsShareOfCommits() {
    for (String preset : Members.PRESETS) {
      Simulation cluster = cluster(preset(preset), 3, samples(60_000));
      Worker late = cluster.worker(3);
      cluster.joinsAt(1, late);
      cluster.run(1000);
      assertEndedAlike(cluster, Reason.EPOCHS);
      assertThat(commits(late)).as(preset).isNotEmpty();
      assertThat(commits(late).getFirst().version()).as(preset).isPositive();
      assertThat(late.reports(Report.Iteration.class).getFirst().foundSamples()).isPositive();
      double share = 1.0 * commits(late).size() / commits(cluster.worker(2)).size();
      assertThat(share).as(preset).isBetween(0.3, 1.0);
    }
  }

  @Test
  void whenAPartitionIsOverThereIsOneServerAndOneModel() {
    for (String preset : Members.PRESETS) {
      Seeded.check(
          3,
          random -> {
            Simulation cluster = cluster(preset(preset), 5, samples(150_000));
            cluster.latencyNanos = (from, to) -> random.nextLong(5_000_000);
            cluster.partition(0.6, 5 + random.nextDouble(), cluster.worker(1), cluster.worker(2));
            cluster.run(1000);
            assertThat(serves(cluster.worker(3))).as("of the other side, " + preset).hasSize(1);
            assertThat(cluster.worker(1).notices(Report.Severity.WARNING))
                .as("it had fewer clients, %s", preset)
                .anyMatch(n -> n.startsWith("serves no longer"));
            assertEndedAlike(cluster, Reason.EPOCHS);
          });
    }
  }

  @Test
  void whoAloneTakesTheServerForLostFindsItAgain() {
    for (String preset : Members.PRESETS) {
      Simulation cluster = cluster(preset(preset), 3, samples(60_000));
      Worker second = cluster.worker(2);
      Set<WorkerId> all = Set.copyOf(cluster.workers.keySet());
      Set<WorkerId> without = Set.of(second.id, cluster.worker(3).id);
      cluster.at(0.5, () -> second.handle(changed(cluster, without)));
      cluster.at(1, () -> second.handle(changed(cluster, all)));
      cluster.run(1000);
      assertThat(serves(second)).as(preset).isEmpty();
      assertThat(second.lastIteration().atNanos()).as(preset).isGreaterThan(1_000_000_000L);
      assertEndedAlike(cluster, Reason.EPOCHS);
    }
  }

  private static io.dlion.core.node.Event changed(Simulation cluster, Set<WorkerId> members) {
    return new io.dlion.core.node.Event.MembersChanged(cluster.nowNanos(), members);
  }

  @Test
  void whateverHappensTheRunEndsAndThoseThereHoldOneModel() {
    for (String preset : Members.PRESETS) {
      Seeded.check(
          12,
          random -> {
            Simulation cluster = cluster(preset(preset), 5, samples(120_000));
            cluster.latencyNanos = (from, to) -> random.nextLong(10_000_000);
            cluster.tamper =
                (from, to, payload) ->
                    cluster.nowNanos() < 6e9 && random.nextInt(50) == 0
                        ? List.of()
                        : List.of(payload);
            for (int i = random.nextInt(4); i > 0; i--) {
              WorkerId victim = new WorkerId("w" + (1 + random.nextInt(5)));
              double dies = 0.1 + 4 * random.nextDouble();
              double returns = dies + 0.2 + 2 * random.nextDouble();
              cluster.at(dies, () -> cluster.crash(cluster.workers.get(victim)));
              cluster.at(
                  returns,
                  () -> {
                    Worker dead = cluster.workers.get(victim);
                    if (dead.gone) {
                      cluster.joinsAt(returns, cluster.again(dead));
                    }
                  });
            }
            if (random.nextBoolean()) {
              double begins = 0.1 + 3 * random.nextDouble();
              cluster.partition(
                  begins, begins + 3 * random.nextDouble(), cluster.worker(1), cluster.worker(4));
            }
            cluster.run(1000);
            assertEndedAlike(cluster, Reason.EPOCHS);
            assertThat(accuracy(cluster.worker(1))).as(preset).isGreaterThan(0.9);
          });
    }
  }

  // ---- messages are lost

  @ParameterizedTest
  @EnumSource(
      value = MessageType.class,
      names = {"COMMIT", "MODEL", "NEXT_COMMIT", "STANDING", "COST"})
  void whatIsLostIsAskedForAgain(MessageType type) {
    for (String preset : Members.PRESETS) {
      Seeded.check(
          3,
          random -> {
            Simulation cluster = cluster(preset(preset), 3, samples(30_000));
            cluster.tamper =
                (from, to, payload) ->
                    typeOf(payload) == type && cluster.nowNanos() < 3e9 && random.nextInt(5) == 0
                        ? List.of()
                        : List.of(payload);
            cluster.run(1000);
            assertEndedAlike(cluster, Reason.EPOCHS);
            for (Worker worker : cluster.workers.values()) {
              assertThat(worker.iterations).as(preset).isPositive();
            }
          });
    }
  }

  @Test
  void noCommitIsAppliedTwice() {
    Simulation twice = cluster(preset("bsp"), 3, samples(6_000));
    EnumSet<MessageType> doubled = EnumSet.of(MessageType.COMMIT, MessageType.MODEL);
    twice.tamper =
        (from, to, payload) ->
            doubled.contains(typeOf(payload)) ? List.of(payload, payload) : List.of(payload);
    twice.run(1000);
    Simulation once = cluster(preset("bsp"), 3, samples(6_000));
    once.run(1000);
    assertEndedAlike(twice, Reason.EPOCHS);
    assertThat(model(twice.worker(2))).isEqualTo(model(once.worker(2)));
    assertThat(twice.worker(1).notices(Report.Severity.WARNING)).anyMatch(n -> n.contains("again"));
    assertThat(LINE.evaluate(model(once.worker(1))).accuracy()).isGreaterThan(0.5);
  }
}
