package io.dlion.monitor.comparison.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.monitor.comparison.Comparison;
import io.dlion.monitor.comparison.trace.SeriesPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Accuracy over time of all methods in one environment, as run folders hold it. Immutable.
 *
 * @param environment its name
 * @param target accuracy, if one was asked for
 * @param seeds how many there are of each method at most
 * @param curves by method, the ideal bound among them: mean over seeds, where all have a value
 */
public record AccuracyPanel(
    String environment, OptionalDouble target, int seeds, Map<String, List<SeriesPoint>> curves) {
  private static final int INTERVALS = 120;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads {@code metrics.jsonl} and {@code result.json} of emulations' run folders. Several may
   * tell of different methods in the same environment.
   *
   * @return one panel for each environment, in the order of the runs; the target is that of the
   *     last
   * @throws IOException if a file cannot be read
   */
  public static List<AccuracyPanel> read(List<Path> runFolders) throws IOException {
    OptionalDouble target = OptionalDouble.empty();
    Map<String, Map<String, Map<String, List<SeriesPoint>>>> found = new LinkedHashMap<>();
    for (Path run : runFolders) {
      target = target(JSON.readTree(run.resolve("result.json").toFile()));
      read(run, found);
    }
    List<AccuracyPanel> panels = new ArrayList<>();
    for (Map.Entry<String, Map<String, Map<String, List<SeriesPoint>>>> one : found.entrySet()) {
      panels.add(of(one.getKey(), target, one.getValue()));
    }
    return panels;
  }

  /** The panel of runs that are at hand. Those that diverged are left out. */
  public static AccuracyPanel of(Comparison comparison) {
    Map<String, Map<String, List<SeriesPoint>>> methods = new LinkedHashMap<>();
    for (Comparison.PresetRuns preset : comparison.presets()) {
      Map<String, List<SeriesPoint>> seeds = new TreeMap<>();
      preset.runs().stream()
          .filter(run -> !run.diverged())
          .forEach(run ->
              seeds.put(
                  Long.toString(run.seed()),
                  run.curve().stream()
                      .map(p -> new SeriesPoint(p.seconds(), p.accuracy()))
                      .toList()));
      methods.put(preset.preset(), seeds);
    }
    return of(comparison.environment(), comparison.target(), methods);
  }

  private static void read(
      Path runFolder, Map<String, Map<String, Map<String, List<SeriesPoint>>>> found)
      throws IOException {
    for (String text : Files.readAllLines(runFolder.resolve("metrics.jsonl"))) {
      JsonNode line = JSON.readTree(text);
      if (line.path("environment").isTextual() && line.path("accuracy").isNumber()) {
        found
            .computeIfAbsent(line.path("environment").asText(), _ -> new LinkedHashMap<>())
            .computeIfAbsent(line.path("preset").asText(), _ -> new TreeMap<>())
            .computeIfAbsent(runFolder + " " + line.path("seed").asLong(), _ -> new ArrayList<>())
            .add(new SeriesPoint(line.path("t").asDouble(), line.path("accuracy").asDouble()));
      }
    }
  }

  private static OptionalDouble target(JsonNode result) {
    JsonNode target =
        result.has("environments") ? result.at("/environments/0/target") : result.path("target");
    return target.isNumber() ? OptionalDouble.of(target.asDouble()) : OptionalDouble.empty();
  }

  private static AccuracyPanel of(
      String environment,
      OptionalDouble target,
      Map<String, Map<String, List<SeriesPoint>>> methods) {
    Map<String, List<SeriesPoint>> means = new LinkedHashMap<>();
    int seeds = 0;
    for (Map.Entry<String, Map<String, List<SeriesPoint>>> method : methods.entrySet()) {
      List<List<SeriesPoint>> all = List.copyOf(method.getValue().values());
      seeds = Math.max(seeds, all.size());
      means.put(
          method.getKey(),
          Band.whereAll(all, INTERVALS).stream()
              .map(p -> new SeriesPoint(p.seconds(), p.mean()))
              .toList());
    }
    return new AccuracyPanel(environment, target, seeds, means);
  }
}
