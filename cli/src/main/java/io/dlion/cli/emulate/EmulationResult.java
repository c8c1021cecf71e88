package io.dlion.cli.emulate;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.dlion.cli.console.Console;
import io.dlion.monitor.comparison.Comparison;
import io.dlion.monitor.comparison.ComparisonResult;
import io.dlion.monitor.comparison.ComparisonSummary;
import io.dlion.monitor.comparison.ComparisonTable;
import io.dlion.monitor.comparison.CsvFiles;
import io.dlion.monitor.comparison.report.HtmlReport;
import io.dlion.monitor.comparison.report.ReportHeader;
import io.dlion.monitor.comparison.trace.CurvePoint;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.ServerPoint;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an emulation leaves: a table on the screen, and in the run folder {@code result.json},
 * {@code metrics.jsonl}, {@code report.html} and CSV files.
 */
record EmulationResult(
    List<Comparison> comparisons, RunFolder folder, Console console, EmulationRecord record) {
  int write(boolean csv) throws IOException {
    List<ComparisonSummary> summaries = comparisons.stream().map(ComparisonSummary::of).toList();
    Path report = folder.path().resolve("report.html");
    folder.writeAtomically(folder.metrics(), curves());
    HtmlReport.write(
        report,
        new ReportHeader("Methods compared", record.request().command(), record.facts()),
        summaries);
    ComparisonResult.write(folder.result(), summaries, Map.of("provenance", record.facts()));
    if (csv) {
      CsvFiles.write(folder.path(), summaries);
    }
    for (ComparisonSummary summary : summaries) {
      console.out().println();
      ComparisonTable.lines(summary).forEach(console.out()::println);
    }
    console.out().println();
    console.out().println("report       " + report);
    console.out().println("run folder   " + folder.path());
    console.out().flush();
    return 0;
  }

  /**
   * All curves, a line for each evaluation, and a line for each step of a server's search; all
   * times are virtual.
   */
  private String curves() {
    StringBuilder lines = new StringBuilder();
    for (Comparison comparison : comparisons) {
      Map<String, List<SeedRun>> runs = new LinkedHashMap<>();
      comparison.presets().forEach(p -> runs.put(p.preset(), p.runs()));
      runs.put(ComparisonSummary.IDEAL, comparison.ideal());
      runs.forEach((preset, all) ->
          all.forEach(run ->
              run.curve()
                  .forEach(
                      point -> lines.append(line(comparison.environment(), preset, run, point)))));
      runs.forEach((preset, all) ->
          all.forEach(run ->
              run.server()
                  .points()
                  .forEach(
                      point -> lines.append(line(comparison.environment(), preset, run, point)))));
    }
    return lines.toString();
  }

  private static String line(String environment, String preset, SeedRun run, CurvePoint point) {
    return String.format(
        Locale.ROOT,
        "{\"t\":%.3f,\"environment\":\"%s\",\"preset\":\"%s\",\"seed\":%d,\"accuracy\":%s,"
            + "\"worstAccuracy\":%s,\"loss\":%s,\"samples\":%d,\"bytesSent\":%d}%n",
        point.seconds(),
        environment,
        preset,
        run.seed(),
        number(point.accuracy()),
        number(point.worstAccuracy()),
        number(point.loss()),
        point.samples(),
        point.bytesSent());
  }

  private static String line(String environment, String preset, SeedRun run, ServerPoint point) {
    StringBuilder search = new StringBuilder();
    JsonStringEncoder.getInstance().quoteAsString(point.search(), search);
    return String.format(
        Locale.ROOT,
        "{\"t\":%.3f,\"environment\":\"%s\",\"preset\":\"%s\",\"seed\":%d,\"server\":\"%s\","
            + "\"version\":%d,\"commits\":%d,\"commitTarget\":%d,\"search\":\"%s\",\"reward\":%s,"
            + "\"implicitMomentum\":%s,\"searches\":%d}%n",
        point.seconds(),
        environment,
        preset,
        run.seed(),
        point.server(),
        point.version(),
        point.commits(),
        point.commitTarget(),
        search,
        number(point.reward()),
        number(point.implicitMomentum()),
        point.searches());
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "null";
  }
}
