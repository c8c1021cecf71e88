package io.dlion.monitor.comparison.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.monitor.comparison.Comparison;
import io.dlion.monitor.comparison.ComparisonSummary;
import io.dlion.monitor.comparison.trace.CurvePoint;
import io.dlion.monitor.comparison.trace.DriftPoint;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.SeriesPoint;
import io.dlion.monitor.comparison.trace.WorkerTrace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What the charts of the report are drawn from, as JSON for {@code report.js}: already thinned out,
 * so that a report with all environments stays small. Curves are over all seeds; details (links,
 * batches, time line) are of a preset's first run. Numbers have five digits.
 */
final class ChartData {
  private static final int CURVE_INTERVALS = 120;
  private static final int STALENESS_INTERVALS = 60;
  private static final int MARKS_MAX = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode root = JSON.createObjectNode();
  private final Map<String, Integer> styles = new LinkedHashMap<>();

  private ChartData() {}

  /** The data of all charts of a report. */
  static String of(List<ComparisonSummary> summaries) {
    ChartData data = new ChartData();
    ArrayNode environments = data.root.putArray("environments");
    summaries.forEach(s -> data.environment(environments.addObject(), s.comparison()));
    return data.root.toString();
  }

  private void environment(ObjectNode json, Comparison c) {
    json.put("name", c.environment());
    json.put("budget", c.budgetSeconds());
    c.target().ifPresent(t -> json.put("target", t));
    ArrayNode presets = json.putArray("presets");
    for (Comparison.PresetRuns p : c.presets()) {
      // A preset looks the same in every chart of the report.
      int style = styles.computeIfAbsent(p.preset(), _ -> styles.size());
      ObjectNode preset = presets.addObject();
      preset.put("name", p.preset());
      preset.put("style", style);
      curves(preset, p.runs());
      streams(preset, p.runs());
      RunDetail.put(preset.putObject("detail"), p.runs().getFirst());
    }
    if (!c.ideal().isEmpty()) {
      ObjectNode ideal = presets.addObject();
      ideal.put("name", ComparisonSummary.IDEAL);
      ideal.put("ideal", true);
      curves(ideal, c.ideal());
      streams(ideal, c.ideal());
    }
    made(json, c);
  }

  /** When the environment made drifts; the same in all runs that lasted long enough. */
  private static void made(ObjectNode json, Comparison c) {
    double[] made =
        c.presets().stream()
            .flatMap(p -> p.runs().stream())
            .flatMap(r -> r.stream().madeSeconds().stream())
            .mapToDouble(Double::doubleValue)
            .sorted()
            .distinct()
            .toArray();
    if (made.length > 0) {
      put(json.putArray("drifts"), made);
    }
  }

  /** The band of the window accuracy, and when the first run found drifts. */
  private static void streams(ObjectNode json, List<SeedRun> runs) {
    List<SeedRun> sound =
        runs.stream().filter(r -> !r.diverged() && r.stream().last().isPresent()).toList();
    if (sound.isEmpty()) {
      return;
    }
    List<List<SeriesPoint>> series =
        sound.stream()
            .map(r ->
                r.stream().points().stream()
                    .map(p -> new SeriesPoint(p.seconds(), p.window()))
                    .toList())
            .toList();
    ArrayNode points = json.putArray("prequential");
    for (Band.Point p : Band.whereAll(series, CURVE_INTERVALS)) {
      put(points.addArray(), p.seconds(), p.mean(), p.low(), p.high());
    }
    double[] found =
        sound.getFirst().stream().found().stream()
            .mapToDouble(DriftPoint::seconds)
            .distinct()
            .limit(MARKS_MAX)
            .toArray();
    put(json.putArray("found"), found);
  }

  /** Bands over the seeds that did not diverge; those that did as lines of their own. */
  private static void curves(ObjectNode json, List<SeedRun> runs) {
    List<SeedRun> sound = runs.stream().filter(r -> !r.diverged()).toList();
    json.put("seeds", sound.size());
    band(json.putArray("accuracy"), sound, CurvePoint::accuracy);
    band(json.putArray("loss"), sound, CurvePoint::loss);
    ArrayNode diverged = json.putArray("diverged");
    for (SeedRun run : runs) {
      if (run.diverged()) {
        ObjectNode one = diverged.addObject();
        band(one.putArray("accuracy"), List.of(run), CurvePoint::accuracy);
        band(one.putArray("loss"), List.of(run), CurvePoint::loss);
      }
    }
    List<List<SeriesPoint>> staleness =
        sound.stream()
            .flatMap(r -> r.workers().stream())
            .filter(WorkerTrace::trained)
            .map(WorkerTrace::staleness)
            .toList();
    ArrayNode points = json.putArray("staleness");
    for (Band.Point p : Band.whereMost(staleness, STALENESS_INTERVALS)) {
      put(points.addArray(), p.seconds(), p.mean());
    }
  }

  private static void band(ArrayNode json, List<SeedRun> runs, ToDoubleFunction<CurvePoint> value) {
    List<List<SeriesPoint>> series =
        runs.stream()
            .map(r ->
                r.curve().stream()
                    .map(p -> new SeriesPoint(p.seconds(), value.applyAsDouble(p)))
                    .toList())
            .toList();
    for (Band.Point p : Band.whereAll(series, CURVE_INTERVALS)) {
      put(json.addArray(), p.seconds(), p.mean(), p.low(), p.high());
    }
  }

  /** Adds numbers with five digits; null for those that are not finite. */
  static void put(ArrayNode json, double... values) {
    for (double v : values) {
      if (!Double.isFinite(v)) {
        json.addNull();
      } else if (v == Math.rint(v) && Math.abs(v) < 1e15) {
        json.add((long) v);
      } else {
        json.add(new java.math.BigDecimal(v).round(new java.math.MathContext(5)).doubleValue());
      }
    }
  }
}
