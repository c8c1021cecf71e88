package io.dlion.monitor.comparison;

import static io.dlion.monitor.comparison.Runs.comparison;
import static io.dlion.monitor.comparison.Runs.diverged;
import static io.dlion.monitor.comparison.Runs.missing;
import static io.dlion.monitor.comparison.Runs.preset;
import static io.dlion.monitor.comparison.Runs.reaching;
import static io.dlion.monitor.comparison.Runs.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ComparisonSummaryTest {
  @Test
  void timeToTargetIsWhenItWasFirstSeenAndNotInterpolated() {
    SeedRun run = run(1, "time", 10, 0.5, 20, 0.9, 30, 0.7, 40, 0.95);
    assertThat(run.secondsTo(0.6, 600)).hasValue(20);
    assertThat(run.secondsTo(0.9, 600)).hasValue(20);
    assertThat(run.secondsTo(0.91, 600)).hasValue(40);
    assertThat(run.secondsTo(0.96, 600)).isEmpty();
  }

  @Test
  void whatComesAfterTheBudgetDoesNotCount() {
    SeedRun run = run(1, "time", 10, 0.5, 601, 0.9);
    assertThat(run.secondsTo(0.9, 600)).isEmpty();
    assertThat(run.secondsTo(0.9, 601)).hasValue(601);
  }

  @Test
  void aMeanThatMissesTheTargetByRoundingOnlyReachesIt() {
    double mean = (0.1 + 0.2 + 0.3) / 3 - 1e-12;
    assertThat(run(1, "time", 10, mean).secondsTo(0.2, 600)).hasValue(10);
    assertThat(run(1, "time", 10, 0.2 - 1e-6).secondsTo(0.2, 600)).isEmpty();
  }

  @Test
  void accuracyThatIsNotANumberReachesNothing() {
    assertThat(run(1, "time", 10, Double.NaN).secondsTo(0.1, 600)).isEmpty();
  }

  @Test
  void meanTimeAndIntervalOverSeeds() {
    PresetSummary p = only(preset("a", reaching(1, 100), reaching(2, 120), reaching(3, 140)));
    // s = 20, 4.3027 · 20 / sqrt(3) = 49.683
    assertThat(p.secondsToTarget().mean()).isEqualTo(120);
    assertThat(p.secondsToTarget().halfWidth()).isCloseTo(49.683, within(1e-3));
    assertThat(p.reachedAlways()).isTrue();
  }

  @Test
  void noMeanTimeUnlessEverySeedReachedTheTarget() {
    PresetSummary p = only(preset("a", reaching(1, 100), missing(2), reaching(3, 140)));
    assertThat(p.reached()).isEqualTo(2);
    assertThat(p.reachedAlways()).isFalse();
    assertThat(p.secondsToTarget()).isEqualTo(Estimate.NONE);
    assertThat(p.secondsBySeed())
        .containsExactly(OptionalDouble.of(100), OptionalDouble.empty(), OptionalDouble.of(140));
    // Accuracy is known of all three: (0.88 + 0.8 + 0.88) / 3.
    assertThat(p.accuracy().mean()).isCloseTo(2.56 / 3, within(1e-12));
    assertThat(p.accuracy().count()).isEqualTo(3);
  }

  @Test
  void aSeedThatDivergedReachedNothingAndHasNoPlaceInMeans() {
    PresetSummary p = only(preset("a", reaching(1, 100), diverged(2)));
    assertThat(p.diverged()).isEqualTo(1);
    assertThat(p.reached()).isEqualTo(1);
    assertThat(p.reachedAlways()).isFalse();
    assertThat(p.accuracy()).isEqualTo(Estimate.of(0.88));
  }

  @Test
  void aPresetThatAlwaysDivergedHasNoNumbers() {
    ComparisonSummary s = ComparisonSummary.of(comparison(preset("a", diverged(1))));
    PresetSummary p = s.presets().getFirst();
    assertThat(p.accuracy().mean()).isNaN();
    assertThat(p.bytesSent()).isNaN();
    assertThat(s.best()).isEmpty();
  }

  @Test
  void meansOverSeeds() {
    PresetSummary p = only(preset("a", reaching(1, 100), missing(2)));
    assertThat(p.worstAccuracy().mean()).isCloseTo(0.82, within(1e-12));
    assertThat(p.accuracyDeviation()).isCloseTo(0.01, within(1e-12));
    assertThat(p.loss()).isCloseTo(0.16, within(1e-12));
    assertThat(p.bytesSent()).isEqualTo(1_500_000);
    assertThat(p.samplesPerSecond()).isEqualTo(10); // 6000 samples in 600 s
    assertThat(p.bytesPerSample()).isEqualTo(250);
    assertThat(p.meanStaleness()).isEqualTo(1.25);
  }

  @Test
  void ratiosToTheBestOtherAndToTheIdeal() {
    ComparisonSummary s =
        ComparisonSummary.of(
            comparison(
                OptionalDouble.of(0.85),
                List.of(reaching(1, 60)),
                preset("a", reaching(1, 100)),
                preset("b", reaching(1, 150)),
                preset("c", reaching(1, 300)),
                preset("d", missing(1))));
    assertThat(ratios(s, 0)).containsExactly(1.5, 0.6);
    assertThat(ratios(s, 1)).containsExactly(100.0 / 150, 0.4);
    assertThat(ratios(s, 2)).containsExactly(100.0 / 300, 0.2);
    assertThat(s.ratioToBestOther(s.presets().get(3))).isEmpty();
    assertThat(s.idealShare(s.presets().get(3))).isEmpty();
    assertThat(s.bestOther(s.presets().get(0))).map(PresetSummary::preset).hasValue("b");
    assertThat(s.best()).map(PresetSummary::preset).hasValue("a");
  }

  private static double[] ratios(ComparisonSummary s, int preset) {
    PresetSummary p = s.presets().get(preset);
    return new double[] {
      s.ratioToBestOther(p).orElseThrow(), s.idealShare(p).orElseThrow(),
    };
  }

  @Test
  void noRatioWhereNobodyElseReachedTheTarget() {
    ComparisonSummary s =
        ComparisonSummary.of(
            comparison(preset("a", reaching(1, 100)), preset("b", reaching(1, 90), missing(2))));
    assertThat(s.best()).map(PresetSummary::preset).hasValue("a");
    assertThat(s.ratioToBestOther(s.presets().getFirst())).isEmpty();
    assertThat(s.idealShare(s.presets().getFirst())).isEmpty();
  }

  @Test
  void withoutATargetTheMostAccurateIsTheBest() {
    ComparisonSummary s =
        ComparisonSummary.of(
            comparison(
                OptionalDouble.empty(),
                List.of(),
                preset("a", missing(1)),
                preset("b", reaching(1, 100)),
                preset("c", run(1, "time", 600, 0.99), diverged(2))));
    assertThat(s.best()).map(PresetSummary::preset).hasValue("b");
    assertThat(s.presets().get(1).reached()).isZero();
  }

  @Test
  void whereNobodyReachesTheTargetTheMostAccurateIsTheBest() {
    ComparisonSummary s =
        ComparisonSummary.of(
            comparison(preset("a", missing(1)), preset("b", run(1, "time", 600, 0.84))));
    assertThat(s.best()).map(PresetSummary::preset).hasValue("b");
  }

  @Test
  void comparisonsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> comparison()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> preset("a")).hasMessageContaining("no runs of preset 'a'");
    assertThatThrownBy(() -> comparison(preset("a", missing(1)), preset("a", missing(1))))
        .hasMessageContaining("'a' is there twice");
    assertThatThrownBy(() ->
            new Comparison(
                "e",
                OptionalDouble.empty(),
                0,
                "m",
                "d",
                List.of(),
                List.of(new Comparison.PresetRuns("a", Map.of(), List.of(missing(1)))),
                List.of()))
        .hasMessageContaining("budget of 0.0 s");
  }

  private static PresetSummary only(Comparison.PresetRuns preset) {
    return ComparisonSummary.of(comparison(preset)).presets().getFirst();
  }
}
