package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.node.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model that normalises over the batch never gets fewer samples than it can learn from. */
class MinimumBatchTest {
  private static final int MINIMUM = 2;

  static List<String> presets() {
    return Presets.all().stream().map(Presets.Preset::name).toList();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void noMethodGivesAWorkerASmallerBatch(String preset) {
    Settings settings = Presets.find(preset).settings();
    check(settings);
    check(settings.with("batching.initial", "1"));
    check(settings.with("batching.initial", "1").with("batching.local", "adaptive"));
  }

  /** One worker is far slower, one crashes, and one is there alone at last. */
  private static void check(Settings settings) {
    Simulation simulation =
        new Simulation(
            new Line(7, 1),
            settings,
            3,
            new Goal(600, Long.MAX_VALUE, 2),
            3000,
            false,
            false,
            Map.of(),
            MINIMUM);
    simulation.worker(3).alphaSeconds = 0.2;
    simulation.worker(3).betaSeconds = 0.05;
    simulation.at(0.2, () -> simulation.crash(simulation.worker(1)));
    simulation.run(60);
    for (Simulation.Worker worker : simulation.workers.values()) {
      assertThat(worker.batches).isNotEmpty().allMatch(samples -> samples >= MINIMUM);
    }
  }
}
