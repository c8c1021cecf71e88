package io.dlion.monitor.comparison;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.dlion.core.WorkerId;
import io.dlion.monitor.comparison.trace.CurvePoint;
import io.dlion.monitor.comparison.trace.DriftPoint;
import io.dlion.monitor.comparison.trace.LinkTrace;
import io.dlion.monitor.comparison.trace.PrequentialPoint;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.SeriesPoint;
import io.dlion.monitor.comparison.trace.ServerPoint;
import io.dlion.monitor.comparison.trace.StreamTrace;
import io.dlion.monitor.comparison.trace.WorkerTrace;
import io.dlion.monitor.run.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * The figures of comparisons as CSV files (RFC 4180, UTF-8, one heading line, times in virtual
 * seconds; what is not known is empty):
 *
 * <ul>
 *   <li>{@code presets.csv}: a line for each preset of each environment, the ideal bound among them
 *   <li>{@code curves.csv}: accuracy, loss, samples and bytes over time, of each run
 *   <li>{@code links.csv}: what each link of each run carried
 *   <li>{@code link-n.csv}: Max N's N of each link over time
 *   <li>{@code workers.csv}: batch size and staleness of each worker over time
 *   <li>{@code waits.csv}: what share of its time each worker waited, and its commits
 *   <li>{@code commits.csv}: a line whenever a server's target of commits or its search changed
 *   <li>{@code prequential.csv}: prequential accuracy of the cluster, freshness and records learned
 *       over time; only where a run learned from a stream
 *   <li>{@code drifts.csv}: a line for each drift that the environment made ({@code kind} is made,
 *       with the seconds until accuracy was back) or that was found (by a worker, in a site or the
 *       cluster); only where a run learned from a stream
 *   <li>{@code timeline.csv}: what each worker did within the window that was recorded
 * </ul>
 */
public final class CsvFiles {
  private CsvFiles() {}

  /** Takes the lines of a file. */
  private interface Lines {
    void add(Object... fields);
  }

  /** A run, and where it belongs. */
  private record Run(String environment, String preset, SeedRun run) {}

  /**
   * Writes all files into a folder that is there.
   *
   * @return the files
   * @throws IOException naming the file that could not be written
   */
  public static List<Path> write(Path folder, List<ComparisonSummary> summaries)
      throws IOException {
    List<Run> runs = runs(summaries);
    List<Path> files = new ArrayList<>(always(folder, summaries, runs));
    if (runs.stream().anyMatch(r -> r.run.stream().last().isPresent())) {
      files.add(file(folder.resolve("prequential.csv"), lines -> prequential(lines, runs)));
      files.add(file(folder.resolve("drifts.csv"), lines -> drifts(lines, runs)));
    }
    return List.copyOf(files);
  }

  private static List<Path> always(Path folder, List<ComparisonSummary> summaries, List<Run> runs)
      throws IOException {
    return List.of(
        file(folder.resolve("presets.csv"), lines -> presets(lines, summaries)),
        file(folder.resolve("curves.csv"), lines -> curves(lines, runs)),
        file(folder.resolve("links.csv"), lines -> links(lines, runs)),
        file(folder.resolve("link-n.csv"), lines -> linkSeries(lines, runs)),
        file(folder.resolve("workers.csv"), lines -> workers(lines, runs)),
        file(folder.resolve("waits.csv"), lines -> waits(lines, runs)),
        file(folder.resolve("commits.csv"), lines -> commits(lines, runs)),
        file(folder.resolve("timeline.csv"), lines -> timeline(lines, runs)));
  }

  private static Path file(Path file, Consumer<Lines> content) throws IOException {
    StringWriter text = new StringWriter();
    CsvWriter csv = CsvWriter.builder().build(text);
    content.accept(fields -> {
      List<String> line = new ArrayList<>();
      for (Object field : fields) {
        line.add(text(field));
      }
      csv.writeRecord(line);
    });
    csv.close();
    AtomicFile.write(file, text.toString());
    return file;
  }

  private static String text(Object field) {
    return switch (field) {
      case Double d -> Double.isFinite(d) ? d.toString() : "";
      case OptionalDouble d -> d.isPresent() ? Double.toString(d.getAsDouble()) : "";
      case WorkerId w -> w.name();
      default -> String.valueOf(field);
    };
  }

  private static List<Run> runs(List<ComparisonSummary> summaries) {
    List<Run> all = new ArrayList<>();
    for (ComparisonSummary s : summaries) {
      Comparison c = s.comparison();
      for (Comparison.PresetRuns p : c.presets()) {
        p.runs().forEach(r -> all.add(new Run(c.environment(), p.preset(), r)));
      }
      c.ideal().forEach(r -> all.add(new Run(c.environment(), ComparisonSummary.IDEAL, r)));
    }
    return all;
  }

  private static void presets(Lines lines, List<ComparisonSummary> summaries) {
    lines.add(
        "environment",
        "preset",
        "seeds",
        "diverged",
        "reached",
        "target",
        "budgetSeconds",
        "secondsToTarget",
        "secondsToTargetInterval",
        "ratioToBestOther",
        "idealShare",
        "accuracy",
        "accuracyInterval",
        "worstAccuracy",
        "accuracyDeviation",
        "loss",
        "bytesSent",
        "samplesPerSecond",
        "bytesPerSample",
        "meanStaleness",
        "waitShare",
        "commits",
        "commitTarget",
        "implicitMomentum",
        "searches");
    for (ComparisonSummary s : summaries) {
      s.presets().forEach(p -> preset(lines, s, p));
      s.ideal().ifPresent(p -> preset(lines, s, p));
    }
  }

  private static void preset(Lines lines, ComparisonSummary s, PresetSummary p) {
    lines.add(
        s.comparison().environment(),
        p.preset(),
        p.seeds(),
        p.diverged(),
        p.reached(),
        s.comparison().target(),
        s.comparison().budgetSeconds(),
        p.secondsToTarget().mean(),
        p.secondsToTarget().halfWidth(),
        s.ratioToBestOther(p),
        s.idealShare(p),
        p.accuracy().mean(),
        p.accuracy().halfWidth(),
        p.worstAccuracy().mean(),
        p.accuracyDeviation(),
        p.loss(),
        p.bytesSent(),
        p.samplesPerSecond(),
        p.bytesPerSample(),
        p.meanStaleness(),
        p.waitShare(),
        p.commits(),
        p.server().map(PresetSummary.AtTheEnd::commitTarget).orElse(Double.NaN),
        p.server().map(PresetSummary.AtTheEnd::implicitMomentum).orElse(Double.NaN),
        p.server().map(PresetSummary.AtTheEnd::searches).orElse(Double.NaN));
  }

  private static void curves(Lines lines, List<Run> runs) {
    lines.add(
        "environment",
        "preset",
        "seed",
        "seconds",
        "accuracy",
        "worstAccuracy",
        "loss",
        "samples",
        "bytesSent");
    for (Run r : runs) {
      for (CurvePoint p : r.run.curve()) {
        lines.add(
            r.environment,
            r.preset,
            r.run.seed(),
            p.seconds(),
            p.accuracy(),
            p.worstAccuracy(),
            p.loss(),
            p.samples(),
            p.bytesSent());
      }
    }
  }

  private static void prequential(Lines lines, List<Run> runs) {
    lines.add(
        "environment",
        "preset",
        "seed",
        "seconds",
        "window",
        "overall",
        "freshnessP50Seconds",
        "freshnessP99Seconds",
        "recordsLearned");
    for (Run r : runs) {
      for (PrequentialPoint p : r.run.stream().points()) {
        lines.add(
            r.environment,
            r.preset,
            r.run.seed(),
            p.seconds(),
            p.window(),
            p.overall(),
            p.freshnessP50(),
            p.freshnessP99(),
            p.learned());
      }
    }
  }

  private static void drifts(Lines lines, List<Run> runs) {
    lines.add(
        "environment",
        "preset",
        "seed",
        "kind",
        "seconds",
        "worker",
        "scope",
        "errorBefore",
        "errorAfter",
        "recoverySeconds");
    for (Run r : runs) {
      StreamTrace stream = r.run.stream();
      for (int i = 0; i < stream.madeSeconds().size(); i++) {
        double at = stream.madeSeconds().get(i);
        double recovery = stream.recoveries().get(i);
        lines.add(r.environment, r.preset, r.run.seed(), "made", at, "", "", "", "", recovery);
      }
      for (DriftPoint d : stream.found()) {
        lines.add(
            r.environment,
            r.preset,
            r.run.seed(),
            "found",
            d.seconds(),
            d.worker(),
            d.cluster() ? "cluster" : "site",
            d.errorBefore(),
            d.errorAfter(),
            "");
      }
    }
  }

  private static void links(Lines lines, List<Run> runs) {
    lines.add(
        "environment",
        "preset",
        "seed",
        "from",
        "to",
        "bytes",
        "busySeconds",
        "gradients",
        "meanN",
        "meanShare");
    for (Run r : runs) {
      for (LinkTrace l : r.run.links()) {
        lines.add(
            r.environment,
            r.preset,
            r.run.seed(),
            l.from(),
            l.to(),
            l.bytes(),
            l.busySeconds(),
            l.gradients(),
            l.meanN(),
            l.meanShare());
      }
    }
  }

  private static void linkSeries(Lines lines, List<Run> runs) {
    lines.add("environment", "preset", "seed", "from", "to", "seconds", "n");
    for (Run r : runs) {
      for (LinkTrace l : r.run.links()) {
        for (SeriesPoint p : l.n()) {
          lines.add(
              r.environment, r.preset, r.run.seed(), l.from(), l.to(), p.seconds(), p.value());
        }
      }
    }
  }

  private static void workers(Lines lines, List<Run> runs) {
    lines.add("environment", "preset", "seed", "worker", "seconds", "batchSize", "staleness");
    for (Run r : runs) {
      for (WorkerTrace w : r.run.workers()) {
        // Both series have a value for each iteration, and so the same times.
        for (int i = 0; i < w.batchSize().size(); i++) {
          SeriesPoint batch = w.batchSize().get(i);
          lines.add(
              r.environment,
              r.preset,
              r.run.seed(),
              w.worker(),
              batch.seconds(),
              batch.value(),
              w.staleness().get(i).value());
        }
      }
    }
  }

  private static void waits(Lines lines, List<Run> runs) {
    lines.add("environment", "preset", "seed", "worker", "samples", "waitShare", "commits");
    for (Run r : runs) {
      for (WorkerTrace w : r.run.workers()) {
        lines.add(
            r.environment,
            r.preset,
            r.run.seed(),
            w.worker(),
            w.samples(),
            w.waitShare(),
            w.commits());
      }
    }
  }

  private static void commits(Lines lines, List<Run> runs) {
    lines.add(
        "environment",
        "preset",
        "seed",
        "seconds",
        "server",
        "version",
        "commits",
        "commitTarget",
        "search",
        "reward",
        "implicitMomentum",
        "searches");
    for (Run r : runs) {
      for (ServerPoint p : r.run.server().points()) {
        lines.add(
            r.environment,
            r.preset,
            r.run.seed(),
            p.seconds(),
            p.server(),
            p.version(),
            p.commits(),
            p.commitTarget(),
            p.search(),
            p.reward(),
            p.implicitMomentum(),
            p.searches());
      }
    }
  }

  private static void timeline(Lines lines, List<Run> runs) {
    lines.add("environment", "preset", "seed", "worker", "activity", "fromSeconds", "toSeconds");
    for (Run r : runs) {
      for (WorkerTrace w : r.run.workers()) {
        w.intervals()
            .forEach((activity, intervals) ->
                intervals.forEach(i ->
                    lines.add(
                        r.environment,
                        r.preset,
                        r.run.seed(),
                        w.worker(),
                        activity.name().toLowerCase(Locale.ROOT),
                        i.fromSeconds(),
                        i.toSeconds())));
      }
    }
  }
}
