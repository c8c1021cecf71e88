package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Goal;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.wire.Control.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that has a checkpoint, and comes to peers that have been training without it. */
class ComingAgainTest {
  private static final Line SMALL = new Line(10, 1);
  private static final double COMES_SECONDS = 0.8;

  /** The third worker is twenty times as fast as the others. */
  private static Simulation cluster(Settings settings, long samples) {
    Simulation cluster = new Simulation(SMALL, settings, 3, new Goal(samples, Long.MAX_VALUE, 2));
    cluster.worker(1).alphaSeconds = 0.1;
    cluster.worker(2).alphaSeconds = 0.1;
    return cluster;
  }

  /** Lets the third worker come when the others have done fewer iterations than its checkpoint. */
  private static Simulation.Worker comesAgain(Settings settings) {
    Simulation before = cluster(settings, 2_000);
    before.run(1000);
    Checkpoint saved = before.worker(3).saved.getLast();
    Simulation cluster = cluster(settings, 20_000);
    Simulation.Worker late = cluster.worker(3);
    late.node.restore(saved);
    cluster.joinsAt(COMES_SECONDS, late);
    cluster.at(
        COMES_SECONDS,
        () -> assertThat(cluster.worker(1).iterations).isBetween(1L, saved.iteration() - 1));
    cluster.run(1000);
    assertThat(late.iterations).isPositive();
    return late;
  }

  private static boolean hasCaughtUp(Simulation.Worker worker) {
    return worker.reports(Report.Transfer.class).stream()
        .anyMatch(r -> r.outcome().equals("caught up"));
  }

  @Test
  void anOldCheckpointOfAFastWorkerIsNotTakenForNewWhereNobodyWaits() {
    Settings asynchronous = Presets.find("dlion").settings().with("batching.local", "fixed");
    assertThat(hasCaughtUp(comesAgain(asynchronous))).isTrue();
  }

  @Test
  void aCheckpointThatIsAheadIsGoneOnFromWhereWorkersWaitForEachOther() {
    Settings bounded =
        Presets.find("dlion")
            .settings()
            .with("batching.local", "fixed")
            .with("sync.mode", "bounded");
    assertThat(hasCaughtUp(comesAgain(bounded))).isFalse();
  }

  /**
   * The first worker waits for the second, whose messages to it take long, and holds two gradients
   * of the third, one of them ahead of time, when that leaves and comes again: where the second is
   * not so far yet, to compute the last of the two once more; else to go on with the next.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.001})
  void whatAWorkerSentBeforeItLeftSaysNothingAboutItWhenItComesAgain(double secondSeconds) {
    Settings settings = Presets.find("baseline").settings().with("optimizer.learning-rate", "0.01");
    Simulation cluster = new Simulation(SMALL, settings, 3, new Goal(3_000, Long.MAX_VALUE, 2));
    Simulation.Worker first = cluster.worker(1);
    Simulation.Worker leaving = cluster.worker(3);
    cluster.worker(2).alphaSeconds = secondSeconds;
    cluster.latencyNanos =
        (from, to) -> from.name().equals("w2") && to.name().equals("w1") ? 300_000_000 : 1_000_000;
    cluster.onReceive =
        (worker, from, payload) ->
            Opened.gradient(payload, SMALL.layout)
                .filter(g -> worker == first && from.equals(leaving.id) && !leaving.gone)
                .filter(g -> g.header().iteration() == 8)
                .ifPresent(g -> leavesAndComesAgain(cluster, leaving));
    cluster.run(1000);
    Simulation.Worker again = cluster.worker(3);
    assertThat(again).isNotSameAs(leaving);
    assertThat(again.batches.getFirst()).isEqualTo(leaving.batches.getLast());
    assertThat(first.notices(Report.Severity.WARNING))
        .containsExactly("w3 takes part no longer (request)");
    for (Simulation.Worker worker : cluster.workers.values()) {
      assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
      assertThat(worker.unconsumed()).isZero();
    }
    assertThat(cluster.worker(2).weights).isEqualTo(first.weights);
    if (secondSeconds > 0.1) {
      assertThat(again.weights).as("it has left out nothing").isEqualTo(first.weights);
    }
  }

  private static void leavesAndComesAgain(Simulation cluster, Simulation.Worker leaving) {
    double now = cluster.nowNanos() / 1e9;
    cluster.at(now + 0.001, () -> leaving.stop(Reason.REQUEST));
    cluster.at(
        now + 0.01,
        () -> {
          cluster.crash(leaving);
          Simulation.Worker again = cluster.new Worker(leaving.id, leaving.stream);
          again.node.restore(leaving.saved.getLast());
          cluster.workers.put(again.id, again);
          cluster.joinsAt(now + 0.02, again);
        });
  }
}
