package io.dlion.monitor.comparison.report;

import io.dlion.monitor.comparison.Comparison;
import io.dlion.monitor.comparison.ComparisonSummary;
import io.dlion.monitor.comparison.ComparisonTable;
import io.dlion.monitor.comparison.Figures;
import io.dlion.monitor.comparison.PresetSummary;
import io.dlion.monitor.comparison.StreamSummary;
import io.dlion.monitor.comparison.Verdict;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parts of the report that are text and tables, and need no script. */
final class HtmlTables {
  private static final List<String> STREAM_HEADS =
      List.of("prequential&nbsp;%", "freshness p50/p99&nbsp;s", "recovery&nbsp;s after drift");

  private HtmlTables() {}

  /** Times to the target of all environments at a glance; nothing for a single environment. */
  static String overview(List<ComparisonSummary> summaries) {
    if (summaries.size() < 2) {
      return "";
    }
    Set<String> names = new LinkedHashSet<>();
    summaries.forEach(s -> s.presets().forEach(p -> names.add(p.preset())));
    StringBuilder html = new StringBuilder();
    html.append("<section><h2>All environments</h2>\n<p>Virtual seconds to the target, mean over ")
        .append(
            "seeds; accuracy at the end where there is no target; ★ marks the best preset of each"
                + " environment.</p>\n")
        .append(
            "<div class=\"scroll\"><table"
                + " class=\"overview\"><thead><tr><th>environment</th><th>target</th>");
    names.forEach(n -> html.append("<th class=\"n\">").append(HtmlPage.escaped(n)).append("</th>"));
    html.append("<th class=\"n\">ideal</th></tr></thead>\n<tbody>");
    for (int i = 0; i < summaries.size(); i++) {
      ComparisonSummary s = summaries.get(i);
      html.append("<tr><td><a href=\"#environment-")
          .append(i)
          .append("\">")
          .append(HtmlPage.escaped(s.comparison().environment()))
          .append("</a></td><td>")
          .append(target(s.comparison()))
          .append("</td>");
      for (String name : names) {
        html.append(overviewCell(s, name));
      }
      html.append("<td class=\"n\">")
          .append(s.ideal().map(p -> time(s, p)).orElse(Figures.UNKNOWN))
          .append("</td></tr>\n");
    }
    return html.append("</tbody></table></div></section>\n").toString();
  }

  private static String target(Comparison c) {
    return c.target().isPresent()
        ? Figures.percent(c.target().getAsDouble()) + " %"
        : Figures.UNKNOWN;
  }

  private static String overviewCell(ComparisonSummary s, String name) {
    Optional<PresetSummary> preset =
        s.presets().stream().filter(p -> p.preset().equals(name)).findFirst();
    if (preset.isEmpty()) {
      return "<td class=\"n\">" + Figures.UNKNOWN + "</td>";
    }
    String wrap = Verdict.noTime(preset.get(), s.comparison()).isPresent() ? " wrap" : "";
    boolean best = s.isBest(preset.get());
    return "<td class=\"n" + wrap + (best ? " best\">★ " : "\">") + time(s, preset.get()) + "</td>";
  }

  private static String time(ComparisonSummary s, PresetSummary p) {
    if (s.comparison().target().isEmpty() && p.diverged() == 0) {
      return Figures.percent(p.accuracy()) + " %";
    }
    return HtmlPage.escaped(
        Verdict.noTime(p, s.comparison()).orElse(Figures.seconds(p.secondsToTarget())));
  }

  /** The table of one environment. */
  static String presets(ComparisonSummary s) {
    boolean timed = s.comparison().target().isPresent();
    StringBuilder html =
        new StringBuilder("<div class=\"scroll\"><table><thead><tr><th>preset</th>");
    if (timed) {
      html.append("<th class=\"n\">seconds to ")
          .append(target(s.comparison()))
          .append("</th><th class=\"n\">vs best other</th><th class=\"n\">share of ideal</th>");
    }
    for (String head :
        List.of(
            "accuracy&nbsp;%",
            "worst worker&nbsp;%",
            "spread",
            "sent",
            "bytes /&nbsp;sample",
            "samples&nbsp;/&nbsp;s",
            "staleness",
            "waited&nbsp;%",
            "commits")) {
      html.append("<th class=\"n\">").append(head).append("</th>");
    }
    if (s.hasStream()) {
      STREAM_HEADS.forEach(h -> html.append("<th class=\"n\">").append(h).append("</th>"));
    }
    html.append("</tr></thead>\n<tbody>");
    s.presets().forEach(p -> html.append(row(s, p, timed)));
    s.ideal().ifPresent(p -> html.append(row(s, p, timed)));
    return html.append("</tbody></table></div>\n").toString();
  }

  private static String row(ComparisonSummary s, PresetSummary p, boolean timed) {
    boolean best = s.isBest(p);
    StringBuilder html = new StringBuilder(best ? "<tr class=\"best\"><td>★ " : "<tr><td>");
    html.append(HtmlPage.escaped(p.preset())).append("</td>");
    Optional<String> noTime = Verdict.noTime(p, s.comparison());
    if (timed && noTime.isPresent()) {
      html.append("<td class=\"n\" colspan=\"3\">")
          .append(HtmlPage.escaped(noTime.get()))
          .append("</td>");
    } else if (timed) {
      boolean ideal = p.preset().equals(ComparisonSummary.IDEAL);
      cell(html, Figures.seconds(p.secondsToTarget()));
      cell(html, ideal ? "" : Figures.times(s.ratioToBestOther(p)));
      cell(html, s.idealShare(p).isPresent() ? Figures.wholePercent(s.idealShare(p)) + " %" : "-");
    }
    cell(html, Figures.percent(p.accuracy()));
    cell(html, Figures.percent(p.worstAccuracy()));
    cell(html, Figures.percent(p.accuracyDeviation()));
    cell(html, ComparisonTable.bytes(p.bytesSent()));
    cell(html, ComparisonTable.bytes(p.bytesPerSample()));
    cell(html, Figures.decimals(p.samplesPerSecond(), 0));
    cell(html, Figures.decimals(p.meanStaleness(), 1));
    cell(html, Figures.percent(p.waitShare()));
    cell(html, ComparisonTable.commits(p));
    if (s.hasStream()) {
      stream(html, p);
    }
    return html.append("</tr>\n").toString();
  }

  private static void stream(StringBuilder html, PresetSummary p) {
    cell(html, p.stream().map(s -> Figures.percent(s.prequential())).orElse(Figures.UNKNOWN));
    cell(html, p.stream().map(StreamSummary::freshness).orElse(Figures.UNKNOWN));
    cell(html, p.stream().map(StreamSummary::recovery).orElse(Figures.UNKNOWN));
  }

  private static void cell(StringBuilder html, String text) {
    html.append("<td class=\"n\">").append(HtmlPage.escaped(text)).append("</td>");
  }

  /** Sentences as a list. */
  static String sentences(List<String> sentences) {
    StringBuilder html = new StringBuilder("<ul>");
    sentences.forEach(n -> html.append("<li>").append(HtmlPage.escaped(n)).append("</li>"));
    return html.append("</ul>\n").toString();
  }

  /** Command, facts, and what was set beside the presets. */
  static String provenance(ReportHeader header, List<ComparisonSummary> summaries) {
    StringBuilder html = new StringBuilder("<pre>").append(HtmlPage.escaped(header.command()));
    html.append("</pre>\n<table class=\"facts\"><tbody>");
    header.facts().forEach((name, value) -> fact(html, name, value));
    for (ComparisonSummary s : summaries) {
      Comparison c = s.comparison();
      fact(html, c.environment() + ", seeds", seeds(c.presets().getFirst().runs()));
      for (Comparison.PresetRuns p : c.presets()) {
        if (!p.settings().isEmpty()) {
          fact(html, c.environment() + ", " + p.preset(), settings(p.settings()));
        }
      }
    }
    return html.append("</tbody></table>\n").toString();
  }

  private static void fact(StringBuilder html, String name, String value) {
    html.append("<tr><th>").append(HtmlPage.escaped(name)).append("</th><td>");
    html.append(HtmlPage.escaped(value)).append("</td></tr>\n");
  }

  private static String seeds(List<SeedRun> runs) {
    return String.join(", ", runs.stream().map(r -> Long.toString(r.seed())).toList());
  }

  private static String settings(Map<String, String> settings) {
    return String.join(
        ", ", settings.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }
}
