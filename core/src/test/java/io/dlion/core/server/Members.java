package io.dlion.core.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.node.Goal;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** What tests of members have in common. */
final class Members {
  static final Line LINE = new Line(20, 1);

  /** All presets of the family. */
  static final List<String> PRESETS =
      Presets.all().stream()
          .filter(p -> !p.settings().is("server.method", "none"))
          .map(Presets.Preset::name)
          .toList();

  private Members() {}

  /** A preset with times that suit runs of a few seconds. */
  static Settings preset(String name) {
    Settings settings = Presets.find(name).settings().with("optimizer.learning-rate", "0.01");
    return switch (settings.text("server.method")) {
      case "adacomm" -> settings.with("commit.trial", "0.2").with("commit.period", "0.5");
      case "adsp" -> settings.with("adsp.period", "0.4");
      default -> settings;
    };
  }

  static Goal samples(long samples) {
    return new Goal(samples, Long.MAX_VALUE, 2);
  }

  static Goal seconds(double seconds) {
    return new Goal(Long.MAX_VALUE, (long) (seconds * 1e9), 2);
  }

  static Simulation cluster(Settings settings, int workers, Goal goal) {
    return new Simulation(LINE, settings, workers, goal);
  }

  static float[] model(Worker worker) {
    MemorySegment model = worker.node.model();
    return model.toArray(ValueLayout.JAVA_FLOAT);
  }

  static double accuracy(Worker worker) {
    return LINE.evaluate(model(worker)).accuracy();
  }

  /** Workers that have ended for this reason, hold one model, and keep no message. */
  static void assertEndedAlike(Simulation cluster, Reason reason) {
    Worker first = cluster.workers.values().iterator().next();
    for (Worker worker : cluster.workers.values()) {
      assertThat(worker.finished)
          .as("%s at %s s", worker.id, cluster.nowNanos() / 1e9)
          .isEqualTo(reason);
      assertThat(worker.unconsumed()).as("payloads kept by %s", worker.id).isZero();
      assertThat(model(worker)).as("model of %s", worker.id).isEqualTo(model(first));
      assertThat(worker.weights).as("replica of %s", worker.id).isEqualTo(model(worker));
    }
  }

  /** Times at which a worker began to serve, in seconds. */
  static List<Double> serves(Worker worker) {
    return worker.reports(Report.Notice.class).stream()
        .filter(n -> n.text().equals("serves") || n.text().startsWith("serves, from"))
        .map(n -> n.atNanos() / 1e9)
        .toList();
  }

  static List<Report.Committed> commits(Worker worker) {
    return worker.reports(Report.Committed.class);
  }

  /** The worker that serves now. */
  static Worker server(Simulation cluster) {
    List<Worker> all =
        cluster.workers.values().stream()
            .filter(w -> !w.gone && w.node.isJudged() && !serves(w).isEmpty())
            .toList();
    assertThat(all).as("servers").hasSize(1);
    return all.getFirst();
  }

  static MessageType typeOf(Payload payload) {
    try {
      return Frame.open(payload, LINE.layout.fingerprint());
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }
}
