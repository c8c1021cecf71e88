package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GlobalModelMessage;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Mutations;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.WeightsMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole clusters whose links carry damaged messages beside the right ones. */
class MutatedTrafficTest {
  private static final Line LINE = new Line(50, 1);
  private static final ParameterLayout BUFFERS = Layouts.of(2); // those of the simulation

  private int refused;
  private int accepted;

  private static Simulation cluster(String preset) {
    Settings settings = Presets.find(preset).settings().with("optimizer.learning-rate", "0.01");
    return new Simulation(LINE, settings, 3, new Goal(6000, Long.MAX_VALUE, 2));
  }

  private static boolean isValid(Payload payload) {
    try {
      MessageType type = Frame.open(payload, LINE.layout.fingerprint());
      switch (type) {
        case GRADIENT -> GradientMessage.parse(payload, LINE.layout);
        case WEIGHTS -> WeightsMessage.parse(payload, LINE.layout, BUFFERS);
        case COMMIT -> CommitMessage.parse(payload, LINE.layout, BUFFERS);
        case MODEL -> GlobalModelMessage.parse(payload, LINE.layout, BUFFERS);
        case PROBE -> {}
        case STREAM -> throw new MalformedMessageException("nobody here learns from a stream");
        default -> Control.parse(payload, type);
      }
      return true;
    } catch (MalformedMessageException e) {
      return false;
    }
  }

  /** Each message comes with damaged copies before it: those that are refused, or all. */
  private void damage(Simulation cluster, boolean all, SplittableRandom random) {
    List<Payload> seen = new ArrayList<>();
    cluster.tamper =
        (from, to, payload) -> {
          seen.add(new Payload(payload.bytes().clone(), payload.length()));
          List<Payload> arriving = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            Payload other = seen.get(random.nextInt(seen.size()));
            Payload mutated = Mutations.of(payload, other, LINE.layout.fingerprint(), random);
            boolean valid = isValid(mutated);
            accepted += valid ? 1 : 0;
            refused += valid ? 0 : 1;
            if (all || !valid) {
              arriving.add(mutated);
            }
          }
          arriving.add(payload);
          return arriving;
        };
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "dlion-paper", "baseline", "hop", "diloco", "bsp", "ssp"})
  void nothingOfARefusedMessageIsApplied(String preset) {
    Simulation undisturbed = cluster(preset);
    undisturbed.run(1000);
    Seeded.check(
        3,
        random -> {
          Simulation cluster = cluster(preset);
          damage(cluster, false, random);
          cluster.run(1000);
          for (int k = 1; k <= 3; k++) {
            Worker worker = cluster.worker(k);
            assertThat(worker.weights).isEqualTo(undisturbed.worker(k).weights);
            assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
            assertThat(worker.unconsumed()).isZero();
          }
        });
    assertThat(refused).isGreaterThan(100);
  }

  /**
   * Neither an exception nor a loop without end. The weights may well suffer: a value of 1e38 is a
   * number like others.
   */
  @Test
  void whateverArrivesNobodyFails() {
    for (Presets.Preset preset : Presets.all()) {
      Seeded.check(
          10,
          random -> {
            Simulation cluster = cluster(preset.name());
            damage(cluster, true, random);
            cluster.run(30);
          });
    }
    assertThat(accepted).isGreaterThan(1000);
  }
}
