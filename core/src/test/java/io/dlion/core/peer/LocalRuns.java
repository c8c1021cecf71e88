package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.wire.Control.Reason;
import java.util.SplittableRandom;

/** What tests of local steps have in common: small rounds on a line, and how a run must end. */
final class LocalRuns {
  static final Line LINE = new Line(20, 1);

  /** Local steps of a round, H. */
  static final int STEPS = 8;

  private LocalRuns() {}

  /** A preset with small rounds and many checkpoints. */
  static Settings preset(String name) {
    return Presets.find(name)
        .settings()
        .with("optimizer.learning-rate", "0.01")
        .with("local.steps", Integer.toString(STEPS))
        .with("checkpoint.every", "0.16"); // every 480 samples
  }

  static Simulation cluster(Settings settings, int workers, long samples) {
    return new Simulation(LINE, settings, workers, new Goal(samples, Long.MAX_VALUE, 2));
  }

  /** Draws latencies, the rate of all links, and the speed of each worker. */
  static void randomise(Simulation cluster, SplittableRandom random) {
    cluster.latencyNanos = (from, to) -> random.nextLong(30_000_000);
    double rate = new double[] {1e4, 1e6, 1e8}[random.nextInt(3)];
    cluster.bytesPerSecond = (from, to) -> rate;
    for (Worker worker : cluster.workers.values()) {
      worker.betaSeconds = 0.0001 * (1 + random.nextInt(10));
    }
  }

  static void assertFinished(Worker worker, Reason reason) {
    assertThat(worker.finished).as("%s", worker.id).isEqualTo(reason);
    assertThat(worker.unconsumed()).as("payloads kept by %s", worker.id).isZero();
  }

  static void assertNear(Worker worker, double least) {
    assertThat(LINE.evaluate(worker.weights).accuracy()).as("%s", worker.id).isGreaterThan(least);
  }

  /** Runs a cluster until all have processed their samples. */
  static void run(Simulation cluster) {
    cluster.run(1000);
    cluster.workers.values().forEach(w -> assertFinished(w, Reason.EPOCHS));
  }
}
