package io.dlion.monitor.comparison.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.core.WorkerId;
import io.dlion.monitor.comparison.trace.Activity;
import io.dlion.monitor.comparison.trace.LinkTrace;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.SeriesPoint;
import io.dlion.monitor.comparison.trace.ServerPoint;
import io.dlion.monitor.comparison.trace.ServerTrace;
import io.dlion.monitor.comparison.trace.WorkerTrace;
import io.dlion.monitor.view.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One run's part of the {@link ChartData}. What would not fit on a page is put together: links by
 * groups of workers, batch sizes as a band over workers, N by sender; of many workers the time line
 * shows some, evenly spread.
 */
final class RunDetail {
  private static final int MATRIX_MAX = 64;
  private static final int LINES_MAX = 8;
  private static final int LINK_ROWS_MAX = 56;
  private static final int BATCH_INTERVALS = 60;
  private static final int N_COLUMNS = 40;
  private static final int TIMELINE_MAX = 12;
  private static final int COMMIT_POINTS_MAX = 512;

  private RunDetail() {}

  static void put(ObjectNode json, SeedRun run) {
    json.put("seed", run.seed());
    json.put("workers", run.workers().size());
    bytes(json.putObject("bytes"), run);
    batches(json.putObject("batches"), run);
    n(json.putObject("n"), run);
    timeline(json.putObject("timeline"), run);
    if (!run.server().points().isEmpty()) {
      commits(json.putObject("commits"), run);
    }
  }

  private static void bytes(ObjectNode json, SeedRun run) {
    int workers = run.workers().size();
    int perGroup = Math.ceilDiv(workers, MATRIX_MAX);
    ArrayNode names = json.putArray("names");
    for (int first = 0; first < workers; first += perGroup) {
      int last = Math.min(first + perGroup, workers) - 1;
      String name = run.workers().get(first).worker().name();
      names.add(last == first ? name : name + "–" + run.workers().get(last).worker().name());
    }
    Map<WorkerId, Integer> groups = new LinkedHashMap<>();
    for (int i = 0; i < workers; i++) {
      groups.put(run.workers().get(i).worker(), i / perGroup);
    }
    Map<List<Integer>, Long> cells = new LinkedHashMap<>();
    for (LinkTrace link : run.links()) {
      Integer from = groups.get(link.from());
      Integer to = groups.get(link.to());
      if (from != null && to != null && link.bytes() > 0) {
        cells.merge(List.of(from, to), link.bytes(), Long::sum);
      }
    }
    ArrayNode all = json.putArray("cells");
    cells.forEach(
        (cell, bytes) -> ChartData.put(all.addArray(), cell.get(0), cell.get(1), (double) bytes));
  }

  private static void batches(ObjectNode json, SeedRun run) {
    List<WorkerTrace> workers = run.workers().stream().filter(WorkerTrace::trained).toList();
    if (always(json, workers.stream().map(WorkerTrace::batchSize).toList())) {
      return;
    }
    if (workers.size() > LINES_MAX) {
      ArrayNode band = json.putArray("band");
      for (Band.Point p :
          Band.whereMost(workers.stream().map(WorkerTrace::batchSize).toList(), BATCH_INTERVALS)) {
        ChartData.put(band.addArray(), p.seconds(), p.mean(), p.low(), p.high());
      }
      return;
    }
    ArrayNode lines = json.putArray("lines");
    for (WorkerTrace w : workers) {
      ObjectNode line = lines.addObject();
      line.put("name", w.worker().name());
      ArrayNode points = line.putArray("points");
      for (Band.Point p : Band.whereMost(List.of(w.batchSize()), BATCH_INTERVALS)) {
        ChartData.put(points.addArray(), p.seconds(), p.mean());
      }
    }
  }

  /** Puts one number, if the series never were anything else. */
  private static boolean always(ObjectNode json, List<List<SeriesPoint>> series) {
    double[] values =
        series.stream().flatMap(List::stream).mapToDouble(SeriesPoint::value).distinct().toArray();
    if (values.length == 1) {
      json.put("always", values[0]);
    }
    return values.length == 1;
  }

  /** N by link and time. */
  private static void n(ObjectNode json, SeedRun run) {
    Map<String, List<List<SeriesPoint>>> rows = new LinkedHashMap<>();
    List<LinkTrace> links = run.links().stream().filter(l -> !l.n().isEmpty()).toList();
    boolean byLink = links.size() <= LINK_ROWS_MAX;
    for (LinkTrace l : links) {
      String row = byLink ? l.from() + " → " + l.to() : l.from() + " → all";
      rows.computeIfAbsent(row, _ -> new ArrayList<>()).add(l.n());
    }
    if (links.isEmpty() || always(json, links.stream().map(LinkTrace::n).toList())) {
      return;
    }
    ArrayNode names = json.putArray("rows");
    rows.keySet().forEach(names::add);
    double columnSeconds = run.seconds() / N_COLUMNS;
    double[] begins = IntStream.range(0, N_COLUMNS).mapToDouble(i -> i * columnSeconds).toArray();
    ChartData.put(json.putArray("times"), begins);
    ArrayNode values = json.putArray("values");
    for (List<List<SeriesPoint>> row : rows.values()) {
      ArrayNode line = values.addArray();
      for (double t : begins) {
        ChartData.put(
            line,
            row.stream()
                .mapToDouble(s -> Band.at(s, t + columnSeconds / 2))
                .filter(v -> !Double.isNaN(v))
                .average()
                .orElse(Double.NaN));
      }
    }
  }

  /** Targets as steps that last until the next one; what the search did, for who points at one. */
  private static void commits(ObjectNode json, SeedRun run) {
    ServerTrace server = run.server();
    json.put("periods", server.periods());
    json.put("set", server.hasTarget());
    json.put("end", run.seconds());
    ArrayNode points = json.putArray("points");
    ArrayNode texts = json.putArray("texts");
    ArrayNode searching = json.putArray("searching");
    int stride = Math.ceilDiv(server.points().size(), COMMIT_POINTS_MAX);
    for (int i = 0; i < server.points().size(); i += stride) {
      ServerPoint p = server.points().get(i);
      ChartData.put(points.addArray(), p.seconds(), p.commitTarget(), p.implicitMomentum());
      texts.add(p.server().name() + ": " + Text.search(state(p), p.reward()));
      searching.add(!p.search().isEmpty());
    }
  }

  private static String state(ServerPoint p) {
    return p.search().isEmpty() ? "no search" : p.search();
  }

  private static void timeline(ObjectNode json, SeedRun run) {
    ChartData.put(json.putArray("window"), run.window().fromSeconds(), run.window().toSeconds());
    ArrayNode rows = json.putArray("rows");
    int all = run.workers().size();
    int shown = Math.min(all, TIMELINE_MAX);
    for (int i = 0; i < shown; i++) {
      WorkerTrace w = run.workers().get(shown == 1 ? 0 : i * (all - 1) / (shown - 1));
      ObjectNode row = rows.addObject();
      row.put("name", w.worker().name());
      for (Activity a : Activity.values()) {
        String key = a.name().toLowerCase(Locale.ROOT);
        ArrayNode intervals = row.putArray(key);
        w.during(a)
            .forEach(t -> ChartData.put(intervals.addArray(), t.fromSeconds(), t.toSeconds()));
        row.put(key + "Share", w.activitySeconds().getOrDefault(a, 0.0) / run.seconds());
      }
    }
  }
}
