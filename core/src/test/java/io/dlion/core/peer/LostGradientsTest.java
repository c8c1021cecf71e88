package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Seeded;
import io.dlion.core.node.Goal;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.settings.Presets;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gradients that do not arrive, and those that were never to come. */
class LostGradientsTest {
  private static final Line SMALL = new Line(10, 1);

  /** Weights take so long that those who train are several iterations ahead when they arrive. */
  @Test
  void comingLateIsNoLossOfGradients() {
    Seeded.check(
        30,
        random -> {
          List<Presets.Preset> presets =
              Presets.all().stream().filter(p -> !p.name().equals("local")).toList();
          Presets.Preset preset = presets.get(random.nextInt(presets.size()));
          Simulation cluster =
              new Simulation(SMALL, preset.settings(), 3, new Goal(15_000, Long.MAX_VALUE, 2));
          cluster.latencyNanos = (from, to) -> 1_000_000 + random.nextInt(100_000_000);
          cluster.joinsAt(0.2 + random.nextDouble(), cluster.worker(3));
          cluster.run(1000);
          for (Simulation.Worker worker : cluster.workers.values()) {
            assertThat(worker.finished).as(preset.name()).isEqualTo(Reason.EPOCHS);
            assertThat(worker.notices(Severity.WARNING))
                .as("%s of %s", worker.id, preset.name())
                .isEmpty();
          }
          assertThat(cluster.worker(3).iterations).as(preset.name()).isPositive();
        });
  }

  @Test
  void aGradientThatIsLostOnTheWayIsTold() {
    Simulation cluster =
        new Simulation(
            SMALL,
            Presets.find("baseline").settings().with("optimizer.learning-rate", "0.01"),
            2,
            new Goal(3_000, Long.MAX_VALUE, 2));
    List<Payload> gradients = new ArrayList<>();
    cluster.tamper =
        (from, to, payload) -> {
          boolean lost =
              from.name().equals("w2")
                  && isGradient(payload)
                  && gradients.add(payload)
                  && (gradients.size() == 4 || gradients.size() == 5); // w2 is one ahead
          return lost ? List.of() : List.of(payload);
        };
    cluster.run(1000);
    assertThat(cluster.worker(1).finished).isEqualTo(Reason.EPOCHS);
    assertThat(cluster.worker(1).notices(Severity.WARNING))
        .containsExactly("gradients of w2 up to iteration 4 are lost");
    assertThat(cluster.worker(2).notices(Severity.WARNING)).isEmpty();
  }

  private static boolean isGradient(Payload payload) {
    try {
      return Frame.open(payload, SMALL.layout.fingerprint()) == MessageType.GRADIENT;
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }
}
