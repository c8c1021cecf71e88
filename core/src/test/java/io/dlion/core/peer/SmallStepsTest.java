package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.node.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import org.junit.jupiter.api.Test;

/** The first step of workers that have a handful of examples, against that of many examples. */
final class SmallStepsTest {
  private static final Line LINE = new Line(4, 3);

  @Test
  void stepsAreSmallWhereBatchesAreMostOfTheData() {
    for (String preset : new String[] {"dlion", "baseline", "ako", "diloco"}) {
      for (int examples : new int[] {2, 3, 10, 50}) {
        float[] few = afterTheFirstStep(preset, examples);
        float[] many = afterTheFirstStep(preset, 3000);
        double distance = 0;
        for (int i = 0; i < few.length; i++) {
          distance += Math.abs(many[i]);
          assertThat((double) few[i])
              .as("%s, %d examples, weight %d", preset, examples, i)
              .isCloseTo(examples / 64.0 * many[i], within(0.02 * Math.abs(many[i]) + 1e-7));
        }
        assertThat(distance).isPositive();
      }
    }
  }

  private static float[] afterTheFirstStep(String preset, long examples) {
    var settings =
        Presets.find(preset)
            .settings()
            .with("optimizer.learning-rate", "0.0001")
            .with("batching.growth", "off")
            .with("local.steps", preset.equals("diloco") ? "1" : "0");
    Goal oneStep = new Goal(1, Long.MAX_VALUE, 2);
    Simulation alone = new Simulation(LINE, settings, 1, oneStep, examples, false);
    alone.run(1000);
    assertThat(alone.worker(1).iterations).isEqualTo(1);
    return alone.worker(1).weights;
  }
}
