package io.dlion.monitor.comparison;

import static io.dlion.monitor.comparison.Runs.comparison;
import static io.dlion.monitor.comparison.Runs.diverged;
import static io.dlion.monitor.comparison.Runs.missing;
import static io.dlion.monitor.comparison.Runs.preset;
import static io.dlion.monitor.comparison.Runs.reaching;
import static io.dlion.monitor.comparison.Runs.served;
import static io.dlion.monitor.comparison.Runs.streaming;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.monitor.comparison.trace.RunRecorder;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ComparisonTableTest {
  @Test
  void theWholeTable() {
    Comparison c =
        comparison(
            OptionalDouble.of(0.85),
            List.of(reaching(1, 60), reaching(2, 60)),
            preset("dlion", reaching(1, 99), reaching(2, 101)),
            preset("baseline", missing(1), missing(2)),
            preset("gaia", reaching(1, 38.25), missing(2)),
            preset("hop", reaching(1, 50), diverged(2)),
            preset("ako", reaching(1, 150), reaching(2, 150)));
    assertThat(String.join("\n", ComparisonTable.lines(ComparisonSummary.of(c))))
        .isEqualTo(
            """
            homo-b: cnn on fashion-mnist, 0 workers, 2 seeds, 600 s of virtual time

              preset   s to 85.0 % vs best ideal %   accuracy % worst % spread    sent samples/s stale waited %
            * dlion       100 ± 13   1.50×      60   88.0 ± 0.0    86.0    1.0 1.50 MB        10   1.3     12.5
              baseline        not reached by 600 s   80.0 ± 0.0    78.0    1.0 1.50 MB        10   1.3     12.5
              gaia           1 of 2 seeds by 600 s  84.0 ± 50.8    82.0    1.0 1.50 MB        10   1.3     12.5
              hop           diverged: 1 of 2 seeds         88.0    86.0    1.0 1.50 MB        10   1.3     12.5
              ako          150 ± 0   0.67×      40   88.0 ± 0.0    86.0    1.0 1.50 MB        10   1.3     12.5
              ideal         60 ± 0             100   88.0 ± 0.0    86.0    1.0 1.50 MB        10   1.3     12.5

            * dlion is the first to reach 85.0 %, after 100 ± 13 s; 1.50× the speed of ako, the best of the
              others; 60 % of the ideal bound
              ± is the 95 % confidence interval of the mean over 2 seeds
              gaia by seed: 38.3 s, not reached
              hop by seed: 50 s, not reached\
            """);
  }

  @Test
  void commitsHaveAColumnWhereAPresetHasAServer() {
    List<String> lines =
        ComparisonTable.lines(
            ComparisonSummary.of(
                comparison(
                    preset("baseline", reaching(1, 99)), preset("adsp", served(1), served(2)))));
    assertThat(lines)
        .anyMatch(l -> l.endsWith(" waited % commits"))
        .anyMatch(l -> l.matches("[*] baseline .* 12\\.5 +-"))
        .anyMatch(l -> l.matches("  adsp .* 12\\.5 +480"));
  }

  @Test
  void withoutATargetThereAreNoTimes() {
    List<String> lines =
        ComparisonTable.lines(
            ComparisonSummary.of(
                comparison(OptionalDouble.empty(), List.of(), preset("a", missing(1)))));
    assertThat(lines).noneMatch(l -> l.contains("vs best") || l.contains("not reached"));
    assertThat(lines)
        .contains("* a is the most accurate at the end, 80.0 %")
        .contains("  one seed only: no intervals, and differences of a point of accuracy are ties");
  }

  @Test
  void aTargetNobodyReachedIsSaidInWords() {
    List<String> lines =
        ComparisonTable.lines(ComparisonSummary.of(comparison(preset("a", missing(1)))));
    assertThat(lines)
        .anyMatch(l -> l.startsWith("* a ") && l.contains("not reached by 600 s"))
        .contains(
            "* no preset reached the target with every seed: a is the most accurate at the end,"
                + " 80.0 %");
  }

  @Test
  void whereEverythingDivergedThereAreNoNumbers() {
    List<String> lines =
        ComparisonTable.lines(ComparisonSummary.of(comparison(preset("a", diverged(1)))));
    assertThat(lines).contains("* every preset diverged, with some seed at least");
    assertThat(lines).anyMatch(l -> l.matches("  a +diverged +- +- +- +- +- +- +-"));
  }

  @Test
  void divergenceIsSaidWithoutATargetToo() {
    List<String> lines =
        ComparisonTable.lines(
            ComparisonSummary.of(
                comparison(
                    OptionalDouble.empty(),
                    List.of(),
                    preset("a", missing(1), missing(2)),
                    preset("b", missing(1), diverged(2)))));
    assertThat(lines).contains("  b diverged: 1 of 2 seeds");
  }

  @Test
  void whatWasNeverEvaluatedIsNotCompared() {
    SeedRun empty = new RunRecorder(1, List.of(), 0, 0).finish("time", 0);
    assertThat(ComparisonTable.lines(ComparisonSummary.of(comparison(preset("a", empty)))))
        .contains("* nothing to compare: no preset that did not diverge was evaluated");
  }

  @Test
  void noLineIsWiderThanAPage() {
    Comparison c =
        new Comparison(
            "environment-with-a-name-that-is-long-".repeat(4),
            OptionalDouble.of(0.85),
            600,
            "cnn",
            "fashion-mnist",
            List.of("A note that is far too long for one line. ".repeat(5), "x".repeat(250)),
            List.of(
                preset("a-preset-with-a-long-name", reaching(1, 400), reaching(2, 100)),
                preset("b\u001b[31m", served(1), diverged(2))),
            List.of());
    assertThat(ComparisonTable.lines(ComparisonSummary.of(c)))
        .allMatch(l -> l.length() <= ComparisonTable.COLUMNS_MAX)
        .noneMatch(l -> l.contains("\u001b"));
  }

  @Test
  void streamsHaveATableOfTheirOwn() {
    List<String> lines =
        ComparisonTable.lines(
            ComparisonSummary.of(
                comparison(
                    OptionalDouble.empty(),
                    List.of(),
                    preset("dlion", streaming(1, 0.86, 112.5)),
                    preset("local", streaming(1, 0.81, Double.NaN)))));
    assertThat(lines).allMatch(l -> l.length() <= ComparisonTable.COLUMNS_MAX);
    assertThat(String.join("\n", lines))
        .contains(
            """
              preset prequential %  fresh p50/p99 s  recovery s after drift   learned drifts found  rejected      shed
            * dlion           86.0        0.8 / 2.1                    12.5      6000          1.0         3         0
              local           81.0        0.8 / 2.1        0 of 1 recovered      6000          1.0         3         0

            * dlion has the highest prequential accuracy, 86.0 %
            """);
  }
}
