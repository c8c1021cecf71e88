package io.dlion.cli.emulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.emulate.IdealBound.Setting;
import io.dlion.monitor.comparison.trace.Interval;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.ServerTrace;
import io.dlion.monitor.comparison.trace.StreamTrace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdealBoundTest {
  private final Trials trials = new Trials(1, () -> false);
  private final List<Setting> tried = new ArrayList<>();

  @AfterEach
  void close() {
    trials.close();
  }

  /** A bound whose trainings have this accuracy. */
  private IdealBound bound(ToDoubleFunction<Setting> accuracy) {
    return new IdealBound(
        0.05,
        setting -> {
          tried.add(setting);
          return trials.submit(0, () -> run(accuracy.applyAsDouble(setting)));
        },
        Comparator.comparingDouble(run -> -run.totals().accuracy()));
  }

  private static SeedRun run(double accuracy) {
    return new SeedRun(
        1,
        "time",
        10,
        List.of(),
        new SeedRun.Totals(accuracy, accuracy, 0, 0, 0, 0, 0, 0, 0, 0),
        new Interval(0, 0),
        List.of(),
        List.of(),
        ServerTrace.NONE,
        StreamTrace.NONE);
  }

  @Test
  void smallBatchesAndAveragingAreAmongWhatIsTried() throws Exception {
    bound(setting -> 0.5).best();
    assertThat(tried)
        .contains(new Setting(8, 8, 0.05), new Setting(12, 8, 0.05), new Setting(8, 0, 0.05));
  }

  @Test
  void aSmallerBatchWithASmallerRateIsFound() throws Exception {
    IdealBound.Choice best =
        bound(s -> s.equals(new Setting(12, 8, 0.025)) ? 0.9 : s.batch() == 32 ? 0.8 : 0.7)
            .best()
            .orElseThrow();
    assertThat(best.setting()).isEqualTo(new Setting(12, 8, 0.025));
    assertThat(best.run().await().orElseThrow().totals().accuracy()).isEqualTo(0.9);
    assertThat(best.tried()).isEqualTo(tried.size()).isEqualTo(IdealBound.triedMax());
  }

  @Test
  void theLastStepIsTakenWhereAveragingDoesHarm() throws Exception {
    IdealBound.Choice best =
        bound(s -> s.batch() / 1000.0 - s.averaging() / 10000.0).best().orElseThrow();
    assertThat(best.setting()).isEqualTo(new Setting(192, 0, 0.05));
  }

  @Test
  void whereTrialsWereStoppedThereIsNoBound() throws Exception {
    try (Trials stopped = new Trials(1, () -> true)) {
      IdealBound bound =
          new IdealBound(
              0.05,
              _ -> stopped.submit(0, () -> run(1)),
              Comparator.comparingDouble(run -> -run.totals().accuracy()));
      assertThat(bound.best()).isEmpty();
    }
  }
}
