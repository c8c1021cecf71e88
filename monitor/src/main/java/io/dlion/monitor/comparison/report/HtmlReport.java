package io.dlion.monitor.comparison.report;

import io.dlion.monitor.comparison.ComparisonSummary;
import io.dlion.monitor.comparison.Verdict;
import io.dlion.monitor.run.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Comparisons as one HTML file that opens from disk and loads nothing: script, style and data are
 * in it, and its content security policy forbids the rest. Charts are drawn by Apache ECharts
 * (Apache-2.0), whose licence stands at its head in the file. Tables and verdicts are there without
 * any script. Presets are told apart by colour (Okabe and Ito's, for all kinds of colour vision),
 * dashes, markers, and labels at the lines.
 */
public final class HtmlReport {
  private static final String CHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

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
    return filled(
        resource("report.html"),
        Map.of(
            "title", HtmlTables.escaped(header.title()),
            "style", resource("report.css"),
            "overview", HtmlTables.overview(summaries),
            "sections", sections.toString(),
            "provenance", HtmlTables.provenance(header, summaries),
            "data", ChartData.of(summaries).replace("<", "\\u003c"),
            "charts", script(resource(CHARTS)),
            "script", script(resource("report.js"))));
  }

  private static String section(int index, ComparisonSummary s) {
    return filled(
        resource("section.html"),
        Map.of(
            "index", Integer.toString(index),
            "environment", HtmlTables.escaped(s.comparison().environment()),
            "subject", HtmlTables.escaped(Verdict.subject(s.comparison())),
            "verdict", HtmlTables.escaped(Verdict.best(s)),
            "table", HtmlTables.presets(s),
            "commits", s.hasServer() ? resource("commits.html") : "",
            "stream", s.hasStream() ? resource("stream.html") : "",
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

  /** Fills a template in one pass: what is put in is not looked at again. */
  private static String filled(String template, Map<String, String> values) {
    return PLACE
        .matcher(template)
        .replaceAll(place -> {
          String value = values.get(place.group(1));
          if (value == null) {
            throw new IllegalStateException("nothing for {{" + place.group(1) + "}}");
          }
          return Matcher.quoteReplacement(value);
        });
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }
}
