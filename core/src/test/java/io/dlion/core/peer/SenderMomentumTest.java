package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Momentum applied by the sender, where every gradient arrives whole and in its turn. */
class SenderMomentumTest {
  private static final Line LINE = new Line(20, 1);
  private static final int STEPS = 60;

  private static Settings momentumAt(String where) {
    return Presets.find("baseline")
        .settings()
        .with("optimizer.learning-rate", "0.01")
        .with("optimizer.weight-decay", "0") // decay has no momentum of its own at the sender
        .with("exchange.method", "full")
        .with("sync.mode", "bounded")
        .with("sync.bound", "0")
        .with("checkpoint.every", "0.16") // every 480 samples
        .with("exchange.momentum", where);
  }

  private static Simulation cluster(String momentumAt, int workers) {
    Goal goal = new Goal(32L * workers * STEPS, Long.MAX_VALUE, 2);
    return new Simulation(LINE, momentumAt(momentumAt), workers, goal);
  }

  private static void run(Simulation cluster) {
    cluster.run(1000);
    for (Worker worker : cluster.workers.values()) {
      assertThat(worker.finished).as("%s", worker.id).isEqualTo(Reason.EPOCHS);
      assertThat(worker.unconsumed()).isZero();
    }
  }

  @Test
  void replicasStayIdenticalAndEqualThoseWithMomentumAtTheReceiver() {
    Seeded.check(
        12,
        random -> {
          int workers = 1 + random.nextInt(4);
          Simulation sender = cluster("sender", workers);
          sender.latencyNanos = (from, to) -> random.nextLong(30_000_000);
          sender.workers.values().forEach(w -> w.betaSeconds = 0.0001 * (1 + random.nextInt(10)));
          Simulation receiver = cluster("receiver", workers);
          run(sender);
          run(receiver);
          float[] expected = receiver.worker(1).weights;
          for (Worker worker : sender.workers.values()) {
            assertThat(worker.iterations).isEqualTo(STEPS);
            assertThat(worker.weights).isEqualTo(sender.worker(1).weights);
            assertThat(worker.weights).containsExactly(expected, within(1e-5f));
          }
          assertThat(expected[0]).as("it has learned").isLessThan(-0.5f);
        });
  }

  /** Stopped anywhere, with gradients under way, and some workers further than others. */
  @Test
  void aRunThatIsStoppedAndRestoredEqualsOneThatWasNot() {
    for (String where : List.of("sender", "receiver")) {
      int[] unequal = {0};
      int[] pending = {0};
      Seeded.check(
          60,
          random -> {
            int workers = 1 + random.nextInt(4);
            Simulation whole = cluster(where, workers);
            run(whole);
            Simulation stopped = cluster(where, workers);
            stopped.latencyNanos = (from, to) -> random.nextLong(30_000_000);
            double at = 0.001 + 0.95 * random.nextDouble();
            stopped.workers.values().forEach(w -> stopped.at(at, () -> w.stop(Reason.REQUEST)));
            stopped.run(1000);
            Map<WorkerId, Checkpoint> saved = new TreeMap<>();
            stopped.workers.forEach((id, w) -> saved.put(id, w.saved.getLast()));
            unequal[0] +=
                saved.values().stream().map(Checkpoint::iteration).distinct().count() > 1 ? 1 : 0;
            pending[0] += saved.values().stream().anyMatch(c -> c.number("pending") > 0) ? 1 : 0;

            Simulation again = cluster(where, workers);
            Map<WorkerId, Checkpoint> aligned =
                Realignment.of(saved, saved.keySet(), Strategy.of(again.settings));
            again.workers.forEach(
                (id, w) -> w.node.restore(Objects.requireNonNull(aligned.get(id))));
            run(again);
            for (int k = 1; k <= workers; k++) {
              assertThat(again.worker(k).weights).isEqualTo(whole.worker(k).weights);
              assertThat(again.worker(k).lastIteration().samples()).isEqualTo(32L * STEPS);
              assertThat(again.worker(k).lastIteration().iteration()).isEqualTo(STEPS - 1);
            }
          });
      assertThat(unequal[0]).as("runs stopped at unequal iterations").isPositive();
      assertThat(pending[0]).as("runs stopped before a step").isPositive();
    }
  }

  @Test
  void aRunThatIsRestoredEqualsOneThatWasNotInterrupted() {
    for (int workers : new int[] {1, 3}) {
      Simulation whole = cluster("sender", workers);
      run(whole);
      Simulation again = cluster("sender", workers);
      for (int k = 1; k <= workers; k++) {
        Checkpoint first = whole.worker(k).saved.getFirst();
        assertThat(first.iteration()).isEqualTo(480 / 32 / workers);
        again.worker(k).node.restore(first);
      }
      run(again);
      for (int k = 1; k <= workers; k++) {
        assertThat(again.worker(k).weights).isEqualTo(whole.worker(k).weights);
        assertThat(again.worker(k).iterations).isEqualTo(STEPS - 480 / 32 / workers);
      }
    }
  }
}
