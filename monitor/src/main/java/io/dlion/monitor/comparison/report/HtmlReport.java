package io.dlion.monitor.comparison.report;

import io.dlion.monitor.comparison.ComparisonSummary;
import io.dlion.monitor.comparison.Verdict;
import io.dlion.monitor.run.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Comparisons as one HTML file that opens from disk and loads nothing: script, style and data are
 * in it, and its content security policy forbids the rest. Charts are drawn by Apache ECharts
 * (Apache-2.0), whose licence stands at its head in the file. Tables and verdicts are there without
 * any script. Presets are told apart by colour (Okabe and Ito's, for all kinds of colour vision),
 * dashes, markers, and labels at the lines.
 */
public final class HtmlReport {
  private static final String CHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";

  private HtmlReport() {}

  /**
   * Writes the file whole or not at all.
   *
   * @param summaries a section for each, in their order
   * @throws IOException naming the file
   */
  public static void write(Path file, ReportHeader header, List<ComparisonSummary> summaries)
      throws IOException {
    AtomicFile.write(file, toHtml(header, summaries));
  }

  static String toHtml(ReportHeader header, List<ComparisonSummary> summaries) {
    StringBuilder sections = new StringBuilder();
    for (int i = 0; i < summaries.size(); i++) {
      sections.append(section(i, summaries.get(i)));
    }
    return HtmlPage.filled(
        HtmlPage.resource(HtmlReport.class, "report.html"),
        Map.of(
            "title", HtmlPage.escaped(header.title()),
            "style", HtmlPage.style(),
            "overview", HtmlTables.overview(summaries),
            "sections", sections.toString(),
            "provenance", HtmlTables.provenance(header, summaries),
            "data", ChartData.of(summaries).replace("<", "\\u003c"),
            "charts", script(HtmlPage.resource(HtmlReport.class, CHARTS)),
            "script", script(HtmlPage.resource(HtmlReport.class, "report.js"))));
  }

  private static String section(int index, ComparisonSummary s) {
    return HtmlPage.filled(
        HtmlPage.resource(HtmlReport.class, "section.html"),
        Map.of(
            "index", Integer.toString(index),
            "environment", HtmlPage.escaped(s.comparison().environment()),
            "subject", HtmlPage.escaped(Verdict.subject(s.comparison())),
            "verdict", HtmlPage.escaped(Verdict.best(s)),
            "table", HtmlTables.presets(s),
            "commits", s.hasServer() ? HtmlPage.resource(HtmlReport.class, "commits.html") : "",
            "stream", s.hasStream() ? HtmlPage.resource(HtmlReport.class, "stream.html") : "",
            "reading", HtmlTables.sentences(Verdict.readingNotes(s)),
            "notes",
                s.comparison().notes().isEmpty()
                    ? ""
                    : HtmlTables.sentences(s.comparison().notes())));
  }

  /** A script that cannot end its element before its end: both stand in strings only. */
  private static String script(String text) {
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--");
  }
}
