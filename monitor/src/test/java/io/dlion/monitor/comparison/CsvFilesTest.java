package io.dlion.monitor.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFilesTest {
  @TempDir private Path folder;

  @Test
  void presetsWithTheIdealBoundAndNothingWhereNothingIsKnown() throws IOException {
    Comparison c =
        new Comparison(
            "a, \"b\"",
            OptionalDouble.of(0.85),
            600,
            "cnn",
            "d",
            List.of(),
            List.of(Runs.preset("dlion", Runs.reaching(1, 100)), Runs.preset("x", Runs.missing(1))),
            List.of(Runs.reaching(1, 60)));
    CsvFiles.write(folder, List.of(ComparisonSummary.of(c)));
    List<NamedCsvRecord> lines = read("presets.csv");
    assertThat(lines).extracting(l -> l.getField("preset")).containsExactly("dlion", "x", "ideal");
    assertThat(lines.get(0).getField("environment")).isEqualTo("a, \"b\"");
    assertThat(lines.get(0).getField("secondsToTarget")).isEqualTo("100.0");
    assertThat(lines.get(0).getField("idealShare")).isEqualTo("0.6");
    assertThat(lines.get(1).getField("secondsToTarget")).isEmpty();
    assertThat(lines.get(1).getField("accuracyInterval")).isEmpty();
    assertThat(read("curves.csv")).hasSize(3 + 2 + 3);
  }

  @Test
  void stepsOfASearchHaveALineEachAndPeersHaveNone() throws IOException {
    Comparison c =
        Runs.comparison(
            Runs.preset("dlion", Runs.reaching(1, 100)), Runs.preset("adsp", Runs.served(1)));
    CsvFiles.write(folder, List.of(ComparisonSummary.of(c)));
    List<NamedCsvRecord> lines = read("commits.csv");
    assertThat(lines).extracting(l -> l.getField("preset")).containsOnly("adsp");
    assertThat(lines).extracting(l -> l.getField("commitTarget")).containsExactly("1", "2", "2");
    assertThat(lines.getFirst().getField("reward")).isEmpty();
    assertThat(lines.getLast().getField("implicitMomentum")).isEqualTo("0.25");
    List<NamedCsvRecord> presets = read("presets.csv");
    assertThat(presets.get(0).getField("waitShare")).isEqualTo("0.125");
    assertThat(presets.get(0).getField("searches")).isEmpty();
    assertThat(presets.get(1).getField("searches")).isEqualTo("1.0");
  }

  @Test
  void runsInAllTheirParts() throws IOException {
    Comparison c =
        PlausibleRuns.comparison("hetero", PlausibleRuns.SEVEN.subList(0, 1), 6, 1, 0.85);
    SeedRun run = c.presets().getFirst().runs().getFirst();
    CsvFiles.write(folder, List.of(ComparisonSummary.of(c)));

    List<NamedCsvRecord> links =
        read("links.csv").stream().filter(l -> l.getField("preset").equals("dlion")).toList();
    assertThat(links).hasSize(30);
    assertThat(links.stream().mapToLong(l -> Long.parseLong(l.getField("bytes"))).sum())
        .isEqualTo(run.totals().bytesSent());
    assertThat(read("link-n.csv")).hasSize(run.links().stream().mapToInt(l -> l.n().size()).sum());
    assertThat(read("waits.csv").stream().filter(l -> l.getField("preset").equals("dlion")))
        .hasSize(6)
        .allMatch(l -> Double.parseDouble(l.getField("waitShare")) > 0);
    assertThat(read("workers.csv").stream().filter(l -> l.getField("preset").equals("dlion")))
        .hasSize(run.workers().stream().mapToInt(w -> w.batchSize().size()).sum());
    Map<Boolean, Long> known =
        read("timeline.csv").stream()
            .map(l -> l.getField("activity"))
            .collect(
                java.util.stream.Collectors.partitioningBy(
                    List.of("computing", "waiting", "evaluating", "sending")::contains,
                    java.util.stream.Collectors.counting()));
    assertThat(known).containsEntry(false, 0L);
    assertThat(known.getOrDefault(true, 0L)).isPositive();
  }

  private List<NamedCsvRecord> read(String file) throws IOException {
    try (CsvReader<NamedCsvRecord> reader =
        CsvReader.builder().ofNamedCsvRecord(folder.resolve(file))) {
      return reader.stream().toList();
    }
  }

  @Test
  void streamsHaveFilesOfTheirOwnWhereThereAreSome() throws IOException {
    Comparison without = Runs.comparison(Runs.preset("dlion", Runs.reaching(1, 100)));
    CsvFiles.write(folder, List.of(ComparisonSummary.of(without)));
    assertThat(folder.resolve("prequential.csv")).doesNotExist();
    assertThat(folder.resolve("drifts.csv")).doesNotExist();
    Comparison c = Runs.comparison(Runs.preset("dlion", Runs.streaming(1, 0.86, 112.5)));
    assertThat(CsvFiles.write(folder, List.of(ComparisonSummary.of(c))))
        .contains(folder.resolve("prequential.csv"), folder.resolve("drifts.csv"));
    List<NamedCsvRecord> points = read("prequential.csv");
    assertThat(points).hasSize(4);
    assertThat(points.getFirst().getField("freshnessP50Seconds")).isEmpty();
    assertThat(points.getLast().getFields())
        .containsExactly("homo-b", "dlion", "1", "600.0", "0.8", "0.86", "0.8", "2.1", "6000");
    List<NamedCsvRecord> drifts = read("drifts.csv");
    assertThat(drifts.getFirst().getFields())
        .containsExactly("homo-b", "dlion", "1", "made", "100.0", "", "", "", "", "12.5");
    assertThat(drifts.getLast().getFields())
        .containsExactly(
            "homo-b", "dlion", "1", "found", "102.0", "w1", "cluster", "0.08", "0.31", "");
  }
}
