package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import io.dlion.core.UserError;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.EncodedSize;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Local steps with distances in few bits, in whole clusters under a virtual clock. */
class SparseLoCoTest {
  private static final Line LINE = new Line(200, 1);

  private static Settings preset(String name) {
    return Presets.find(name)
        .settings()
        .with("optimizer.learning-rate", "0.002")
        .with("local.steps", "8");
  }

  /** A quarter of the entries of each chunk: there is only one chunk of the preset's size. */
  private static Settings sparse() {
    return preset("sparseloco").with("exchange.chunk", "16").with("exchange.chunk-kept", "4");
  }

  private static Simulation run(Settings settings, int workers, long samples) {
    return run(settings, workers, samples, new SplittableRandom(1));
  }

  private static Simulation run(
      Settings settings, int workers, long samples, SplittableRandom random) {
    Simulation cluster =
        new Simulation(LINE, settings, workers, new Goal(samples, Long.MAX_VALUE, 2));
    cluster.latencyNanos = (from, to) -> random.nextLong(30_000_000);
    for (Worker worker : cluster.workers.values()) {
      worker.betaSeconds = 0.0001 * (1 + random.nextInt(10));
    }
    cluster.run(1000);
    for (Worker worker : cluster.workers.values()) {
      assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
      assertThat(worker.unconsumed()).isZero();
      assertThat(worker.notices(Severity.WARNING)).isEmpty();
    }
    return cluster;
  }

  @Test
  void replicasStayEqualAndLearnWhateverTheCodec() {
    List<Settings> codecs =
        List.of(
            sparse(),
            preset("sparseloco"),
            sparse().with("exchange.values", "int4"),
            preset("diloco").with("exchange.values", "int4"),
            preset("diloco").with("exchange.values", "int4").with("exchange.feedback", "1"),
            preset("sparseloco").with("exchange.method", "full"));
    for (Settings settings : codecs) {
      Simulation cluster = run(settings, 3, 60_000);
      for (Worker worker : cluster.workers.values()) {
        assertThat(worker.weights).isEqualTo(cluster.worker(1).weights);
        assertThat(LINE.evaluate(worker.weights).loss())
            .as("%s", settings.asMap().get("exchange.values"))
            .isLessThan(0.05 * LINE.evaluate(new float[worker.weights.length]).loss());
      }
    }
  }

  @Test
  void replicasStayEqualUnderAnySchedule() {
    Seeded.check(
        12,
        random -> {
          Simulation cluster = run(sparse(), 2 + random.nextInt(3), 4000, random);
          for (Worker worker : cluster.workers.values()) {
            assertThat(worker.weights).isEqualTo(cluster.worker(1).weights);
          }
        });
  }

  @Test
  void fragmentsAndOverlapComposeWithChunks() {
    Simulation cluster =
        run(sparse().with("local.fragments", "2").with("local.overlap", "1"), 3, 60_000);
    for (Worker worker : cluster.workers.values()) {
      assertThat(LINE.evaluate(worker.weights).loss())
          .isLessThan(0.2 * LINE.evaluate(new float[worker.weights.length]).loss());
    }
  }

  @Test
  void aMessageHasTheSizeThatTheLayoutSays() {
    Simulation cluster = run(sparse(), 3, 4000);
    for (Worker worker : cluster.workers.values()) {
      List<Report.Sent> sent = worker.reports(Report.Sent.class);
      assertThat(sent).hasSize(2 * Math.toIntExact(worker.iterations));
      // 50 of 200, places as a bitmap, values in 13 bytes and a table; the bias whole.
      assertThat(sent)
          .allMatch(s -> s.bytes() == EncodedSize.fixed() + (2 + 25 + 8 + 13) + (1 + 8 + 1));
      assertThat(sent.getFirst().share()).isCloseTo(51 / 201.0, within(1e-9));
    }
  }

  @Test
  void aLoneWorkerTakesAllOfItsDistance() {
    Settings exact =
        preset("diloco")
            .with("exchange.values", "fp32")
            .with("outer.learning-rate", "1")
            .with("outer.momentum", "0");
    float[] alone = run(sparse(), 1, 4000).worker(1).weights;
    assertThat(alone).isEqualTo(run(exact, 1, 4000).worker(1).weights);
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    refused(preset("sparseloco").with("local.steps", "0"), "exchange.method=chunks: needs local");
    refused(
        preset("diloco").with("local.steps", "0").with("exchange.feedback", "0.5"),
        "exchange.feedback=0.5: needs local.steps");
    refused(
        preset("sparseloco").with("exchange.chunk", "32"),
        "exchange.chunk-kept=64: expected at most exchange.chunk=32");
  }

  private static void refused(Settings settings, String why) {
    assertThatThrownBy(() -> Strategy.of(settings))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(why);
  }
}
