package io.dlion.cli.plan;

import static io.dlion.monitor.comparison.report.HtmlPage.escaped;

import io.dlion.cli.console.Version;
import io.dlion.core.Phrase;
import io.dlion.monitor.comparison.Figures;
import io.dlion.monitor.comparison.report.AccuracyChart;
import io.dlion.monitor.comparison.report.AccuracyPanel;
import io.dlion.monitor.comparison.report.HtmlPage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A plan as one HTML file that opens from disk, loads nothing and has no script. It looks like the
 * report of {@code dlion emulate}.
 */
final class PlanHtml {
  private static final String GOOD = "#009e73";
  private static final String WARNING = "#d55e00";

  private PlanHtml() {}

  static String of(Plan plan, Path job) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", escaped("Plan for " + plan.where().name()));
    parts.put("style", HtmlPage.style());
    parts.put("colour", plan.decision().reached() ? GOOD : WARNING);
    parts.put("subject", escaped(subject(plan)));
    parts.put("verdict", escaped(PlanNotes.verdict(plan)));
    parts.put(
        "silent",
        plan.request().sites().silent().stream()
            .map(site -> "<p><strong>" + escaped(PlanNotes.withoutSite(site)) + ".</strong></p>\n")
            .collect(Collectors.joining()));
    parts.put("figures", PlanTables.figures(plan));
    parts.put("reasons", sentences(plan.reasons()));
    parts.put("methods", PlanTables.methods(plan));
    parts.put(
        "chart", AccuracyChart.ofLightPage(List.of(AccuracyPanel.of(plan.summary().comparison()))));
    parts.put("linksintro", escaped(PlanTables.linksIntroduction(plan)));
    parts.put("links", PlanTables.links(plan));
    parts.put("gains", PlanTables.gains(plan));
    parts.put("job", escaped(job.toString()));
    parts.put("commands", escaped(String.join("\n", PlanJob.commands(plan, "job.yaml"))));
    parts.put("basis", sentences(PlanNotes.basis(plan)));
    parts.put("command", escaped(plan.request().command()));
    parts.put("version", escaped(String.join(", ", Version.current().lines())));
    return HtmlPage.filled(HtmlPage.resource(PlanHtml.class, "plan.html"), parts);
  }

  private static String subject(Plan plan) {
    return Phrase.of(
        "%s on %s, %d workers, target %.1f %% within %s s.",
        plan.problem().model().name(),
        plan.problem().data().name(),
        plan.where().workers().size(),
        100 * plan.request().target(),
        Figures.seconds(plan.request().budgetSeconds()));
  }

  private static String sentences(List<String> sentences) {
    return sentences.stream()
        .map(s -> "<li>" + escaped(s) + "</li>")
        .collect(Collectors.joining("", "<ul>", "</ul>\n"));
  }
}
