package io.dlion.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.monitor.comparison.Comparison;
import io.dlion.monitor.comparison.ComparisonSummary;
import io.dlion.monitor.comparison.trace.CurvePoint;
import io.dlion.monitor.comparison.trace.Interval;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.ServerTrace;
import io.dlion.monitor.comparison.trace.StreamTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is recommended, given results that are made up. */
class DecisionTest {
  private static final double BUDGET_SECONDS = 600;
  private static final double RESOLUTION_SECONDS = 5;
  private static final long MEGABYTE = 1_000_000;

  private final List<Comparison.PresetRuns> methods = new ArrayList<>();

  /** A run that reaches 85 % at a time; negative: it never does, and ends with that accuracy. */
  private static SeedRun run(long seed, double seconds, double accuracy, long bytes) {
    return new SeedRun(
        seed,
        "time",
        BUDGET_SECONDS,
        List.of(new CurvePoint(seconds, accuracy, accuracy, 1, 1000, bytes)),
        new SeedRun.Totals(accuracy, accuracy, 0, 1, 1000, 100, bytes, 0, 0, 0),
        new Interval(0, 0),
        List.of(),
        List.of(),
        ServerTrace.NONE,
        StreamTrace.NONE);
  }

  private DecisionTest reaching(String name, long megabytes, double... seconds) {
    List<SeedRun> runs = new ArrayList<>();
    for (double s : seconds) {
      runs.add(run(runs.size() + 1, s, 0.86, megabytes * MEGABYTE));
    }
    methods.add(new Comparison.PresetRuns(name, Map.of(), runs));
    return this;
  }

  private DecisionTest ending(String name, double... accuracies) {
    List<SeedRun> runs = new ArrayList<>();
    for (double a : accuracies) {
      runs.add(run(runs.size() + 1, BUDGET_SECONDS, a, MEGABYTE));
    }
    methods.add(new Comparison.PresetRuns(name, Map.of(), runs));
    return this;
  }

  private Decision decision(String... asTheyAre) {
    return Decision.of(
            ComparisonSummary.of(
                new Comparison(
                    "here",
                    OptionalDouble.of(0.85),
                    BUDGET_SECONDS,
                    "cnn",
                    "data",
                    List.of(),
                    methods,
                    List.of())),
            Set.of(asTheyAre),
            RESOLUTION_SECONDS)
        .orElseThrow();
  }

  @Test
  void theBestIsTakenWhereItNeedsNoTuning() {
    Decision decision =
        reaching("dlion", 10, 90, 95, 100)
            .reaching("ako-tuned", 10, 120, 125, 130)
            .decision("dlion");
    assertThat(decision.chosen().preset()).isEqualTo("dlion");
    assertThat(decision.reached()).isTrue();
    assertThat(decision.reasons())
        .containsExactly(
            "dlion is the best of all methods, and needs no tuning; the next, ako-tuned, takes 125 ±"
                + " 12 s.");
  }

  @Test
  void aTunedMethodThatMayBeFasterByChanceIsNotTaken() {
    Decision decision =
        reaching("dlion", 10, 100, 110, 120)
            .reaching("ako-tuned", 10, 110, 90, 115)
            .decision("dlion");
    assertThat(decision.best().preset()).isEqualTo("ako-tuned");
    assertThat(decision.chosen().preset()).isEqualTo("dlion");
    assertThat(decision.reasons())
        .containsExactly(
            "dlion needs no tuning, and no method is faster for sure: ako-tuned is 5 ± 37 s sooner,"
                + " which may be chance.");
  }

  @Test
  void aTunedMethodThatIsFasterForSureIsTaken() {
    Decision decision =
        reaching("dlion", 10, 100, 110, 120)
            .reaching("ako-tuned", 10, 70, 81, 89)
            .decision("dlion");
    assertThat(decision.chosen().preset()).isEqualTo("ako-tuned");
    assertThat(decision.reasons().getFirst())
        .startsWith("ako-tuned is 30 ± 2 s sooner at the target than dlion")
        .endsWith("more than chance.");
  }

  @Test
  void aDifferenceThatEvaluationsCannotTellIsNone() {
    Decision decision =
        reaching("dlion", 10, 100, 110, 120)
            .reaching("ako-tuned", 10, 96, 106, 116)
            .decision("dlion");
    assertThat(decision.chosen().preset()).isEqualTo("dlion");
  }

  @Test
  void ofMethodsWithoutTuningTheBestIsTaken() {
    Decision decision =
        reaching("dlion", 10, 130, 140, 150)
            .reaching("ako", 10, 100, 110, 120)
            .decision("dlion", "ako");
    assertThat(decision.chosen().preset()).isEqualTo("ako");
  }

  @Test
  void reachingWithEverySeedCountsMoreThanNoTuning() {
    methods.add(
        new Comparison.PresetRuns(
            "dlion",
            Map.of(),
            List.of(run(1, 50, 0.86, 1), run(2, 50, 0.86, 1), run(3, 50, 0.84, 1))));
    Decision decision = reaching("ako-tuned", 10, 300, 310, 320).decision("dlion");
    assertThat(decision.chosen().preset()).isEqualTo("ako-tuned");
    assertThat(decision.reasons().getFirst())
        .isEqualTo(
            "ako-tuned reaches the target with every seed; dlion, the best method without tuning,"
                + " with 2 of 3.");
  }

  @Test
  void whereNoneReachesTheTargetAccuracyDecidesInTheSameWay() {
    Decision chance =
        ending("dlion", 0.80, 0.81, 0.82).ending("ako-tuned", 0.83, 0.79, 0.83).decision("dlion");
    assertThat(chance.reached()).isFalse();
    assertThat(chance.best().preset()).isEqualTo("ako-tuned");
    assertThat(chance.chosen().preset()).isEqualTo("dlion");
    methods.clear();
    Decision sure =
        ending("dlion", 0.80, 0.81, 0.82).ending("ako-tuned", 0.83, 0.84, 0.85).decision("dlion");
    assertThat(sure.chosen().preset()).isEqualTo("ako-tuned");
    assertThat(sure.reasons().getFirst()).startsWith("ako-tuned is 3.0 ± 0.0 points more accurate");
  }

  @Test
  void aMethodThatSendsMuchLessAndIsNotSlowerForSureIsNamed() {
    Decision decision =
        reaching("dlion", 100, 100, 110, 120)
            .reaching("diloco-tuned", 20, 115, 95, 135)
            .reaching("noloco-tuned", 10, 300, 310, 320)
            .decision("dlion");
    assertThat(decision.chosen().preset()).isEqualTo("dlion");
    assertThat(decision.reasons())
        .contains(
            "diloco-tuned sends 20 % of the bytes that dlion does until the target, and is not slower"
                + " for sure (115 ± 50 s): think of it if bytes are dear.");
  }

  @Test
  void whereAllDivergedThereIsNoDecision() {
    SeedRun sound = run(1, 50, 0.9, 1);
    SeedRun diverged =
        new SeedRun(
            1,
            SeedRun.DIVERGED,
            10,
            sound.curve(),
            sound.totals(),
            sound.window(),
            List.of(),
            List.of(),
            ServerTrace.NONE,
            StreamTrace.NONE);
    methods.add(new Comparison.PresetRuns("dlion", Map.of(), List.of(diverged, diverged)));
    ComparisonSummary all =
        ComparisonSummary.of(
            new Comparison(
                "here",
                OptionalDouble.of(0.85),
                600,
                "cnn",
                "data",
                List.of(),
                methods,
                List.of()));
    assertThat(Decision.of(all, Set.of("dlion"), RESOLUTION_SECONDS)).isEmpty();
  }
}
