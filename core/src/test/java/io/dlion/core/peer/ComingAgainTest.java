package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Goal;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import org.junit.jupiter.api.Test;

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
}
