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

import io.dlion.core.Seeded;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Goal;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.wire.Control.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How runs with a server end, go on from checkpoints, and what becomes of those that diverge. */
class EndOfRunTest {
  private static Simulation evaluated(Settings settings, Goal goal) {
    return new Simulation(LINE, settings, 3, goal, 3000, true, true, Map.of());
  }

  private static List<Report.Evaluated> evaluations(Worker worker) {
    return worker.reports(Report.Evaluated.class);
  }

  @Test
  void theServerEvaluatesTheGlobalModelWheneverThatIsDue() {
    for (String preset : Members.PRESETS) {
      Simulation cluster = evaluated(preset(preset), samples(30_000));
      cluster.run(1000);
      assertEndedAlike(cluster, Reason.EPOCHS);
      List<Report.Evaluated> all = evaluations(cluster.worker(1));
      assertThat(all).as(preset).hasSizeBetween(3, 11);
      assertThat(all.getLast().accuracy()).isEqualTo(accuracy(cluster.worker(1)));
      assertThat(cluster.worker(1).node.best()).isPresent();
      assertThat(evaluations(cluster.worker(2))).as("at the end").hasSize(1);
    }
  }

  @Test
  void anEvaluationLeavesTheServersOwnClientAsItWas() {
    Settings settings = preset("fixed-adacomm").with("commit.steps", "7");
    Simulation judged = evaluated(settings.with("evaluate.every", "0.1"), samples(10_000));
    judged.run(1000);
    Simulation plain = cluster(settings, 3, samples(10_000));
    plain.run(1000);
    assertThat(evaluations(judged.worker(1))).hasSizeGreaterThan(5);
    assertThat(model(judged.worker(1))).isEqualTo(model(plain.worker(1)));
  }

  @Test
  void theTargetEndsTheRun() {
    Goal goal = new Goal(Long.MAX_VALUE, Long.MAX_VALUE, 0.9);
    for (String preset : Members.PRESETS) {
      Simulation cluster = evaluated(preset(preset), goal);
      cluster.run(1000);
      assertEndedAlike(cluster, Reason.TARGET);
      assertThat(accuracy(cluster.worker(2))).as(preset).isGreaterThan(0.85);
    }
  }

  @Test
  void evaluationsThatBringNothingBetterEndTheRun() {
    Simulation cluster = evaluated(preset("ssp"), new Goal(Long.MAX_VALUE, Long.MAX_VALUE, 2, 5));
    cluster.run(10_000);
    assertEndedAlike(cluster, Reason.PATIENCE);
  }

  @Test
  void theTimeEndsTheRun() {
    for (String preset : Members.PRESETS) {
      Seeded.check(
          3,
          random -> {
            Simulation cluster = cluster(preset(preset), 3, seconds(1 + random.nextDouble()));
            cluster.latencyNanos = (from, to) -> random.nextLong(30_000_000);
            cluster.run(1000);
            assertEndedAlike(cluster, Reason.TIME);
          });
    }
  }

  @Test
  void withoutAServerTheTimeEndsTheRunAllTheSame() {
    Simulation cluster = cluster(preset("ssp"), 3, seconds(2));
    Worker first = cluster.worker(1);
    cluster.at(1.9, () -> first.gone = true); // nobody is told
    cluster.run(1000);
    for (int k : new int[] {2, 3}) {
      assertThat(cluster.worker(k).finished).isEqualTo(Reason.TIME);
    }
  }

  // ---- divergence

  @Test
  void aClientThatDivergesLeavesAndTheOthersGoOn() {
    for (String preset : Members.PRESETS) {
      Simulation cluster = cluster(preset(preset), 3, samples(30_000));
      Worker third = cluster.worker(3);
      third.notFiniteFrom = 12;
      cluster.run(1000);
      assertThat(third.finished).as(preset).isEqualTo(Reason.DIVERGED);
      cluster.workers.remove(third.id);
      assertEndedAlike(cluster, Reason.EPOCHS);
      assertThat(accuracy(cluster.worker(1))).as(preset).isGreaterThan(0.9);
    }
  }

  @Test
  void aServerThatDivergesIsSucceeded() {
    for (String preset : Members.PRESETS) {
      Simulation cluster = cluster(preset(preset), 3, samples(30_000));
      Worker first = cluster.worker(1);
      first.notFiniteFrom = 12;
      cluster.run(1000);
      assertThat(first.finished).as(preset).isEqualTo(Reason.DIVERGED);
      cluster.workers.remove(first.id);
      assertThat(serves(cluster.worker(2))).hasSize(1);
      assertEndedAlike(cluster, Reason.EPOCHS);
      assertThat(accuracy(cluster.worker(2))).as(preset).isGreaterThan(0.9);
    }
  }

  @Test
  void aServerWithoutDataDoesNotOutliveItsLastClient() {
    Simulation cluster = cluster(preset("ssp"), 3, samples(30_000));
    cluster.withoutData(1);
    cluster.worker(2).notFiniteFrom = 12;
    cluster.worker(3).notFiniteFrom = 30;
    cluster.run(1000);
    for (Worker worker : cluster.workers.values()) {
      assertThat(worker.finished).as("%s", worker.id).isEqualTo(Reason.DIVERGED);
    }
  }

  // ---- checkpoints

  @Test
  void aRunThatIsRestoredEqualsOneThatWasNotInterrupted() {
    for (int workers : new int[] {1, 3}) {
      Settings settings = preset("bsp").with("checkpoint.every", "0.32");
      Simulation whole = cluster(settings, workers, samples(1920));
      whole.run(1000);
      assertEndedAlike(whole, Reason.EPOCHS);
      // The server's checkpoint is of the end of a round; its client has made as many steps.
      Simulation again = cluster(settings, workers, samples(1920));
      for (int k = 1; k <= workers; k++) {
        again.worker(k).node.restore(whole.worker(k).saved.getFirst());
      }
      again.run(1000);
      assertEndedAlike(again, Reason.EPOCHS);
      Report.Serving begun = again.worker(1).reports(Report.Serving.class).getFirst();
      assertThat(begun.version()).as("it goes on").isBetween(20L, 40L);
      if (workers == 1) {
        assertThat(model(again.worker(1))).isEqualTo(model(whole.worker(1)));
      }
      assertThat(accuracy(again.worker(1)))
          .isCloseTo(accuracy(whole.worker(1)), org.assertj.core.api.Assertions.within(0.1));
    }
  }

  @Test
  void theNewestCheckpointIsGoneOnFrom() {
    Settings settings = preset("ssp").with("checkpoint.every", "0.2");
    Simulation before = cluster(settings, 3, samples(9_000));
    before.run(1000);
    Checkpoint old = before.worker(1).saved.getFirst();
    Checkpoint newest = before.worker(2).saved.getLast();
    assertThat(newest.number("version")).isGreaterThan(old.number("version"));
    Simulation again = cluster(settings, 3, samples(60_000));
    again.worker(1).node.restore(old);
    again.worker(2).node.restore(newest);
    again.run(1000);
    assertEndedAlike(again, Reason.EPOCHS);
    Report.Serving begun = again.worker(1).reports(Report.Serving.class).getFirst();
    assertThat(begun.version()).isEqualTo(newest.number("version"));
    assertThat(commits(again.worker(3)).getFirst().version()).isGreaterThan(old.number("version"));
  }
}
