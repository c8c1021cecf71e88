package io.dlion.cli.plan;

import static io.dlion.monitor.comparison.report.HtmlPage.escaped;

import io.dlion.core.Phrase;
import io.dlion.monitor.comparison.ComparisonTable;
import io.dlion.monitor.comparison.Figures;
import io.dlion.monitor.comparison.PresetSummary;
import io.dlion.monitor.comparison.Verdict;
import java.util.ArrayList;
import java.util.List;

/** The figures and tables of a plan's report. */
final class PlanTables {
  private static final double DAY_SECONDS = 86_400;
  private static final int LINKS_MAX = 60;

  private PlanTables() {}

  /** What to expect, at a glance. */
  static String figures(Plan plan) {
    PresetSummary chosen = plan.decision().chosen();
    double bytes = Traffic.wanBytes(plan.traffic());
    double day = Traffic.wanBytesPerSecond(plan.traffic()) * DAY_SECONDS;
    StringBuilder html = new StringBuilder();
    figure(html, "recommended", chosen.preset());
    if (plan.decision().reached()) {
      figure(html, "to the target", Figures.seconds(chosen.secondsToTarget()) + " s");
    } else {
      figure(html, "accuracy at the end of the runs", PlanNotes.accuracy(plan, chosen) + " %");
    }
    figure(html, "samples a second", Figures.decimals(chosen.samplesPerSecond(), 0));
    figure(
        html, "between sites " + plan.until() + price(plan, bytes), ComparisonTable.bytes(bytes));
    figure(html, "a day at that rate" + price(plan, day), ComparisonTable.bytes(day));
    return html.toString();
  }

  private static void figure(StringBuilder html, String what, String value) {
    html.append("<div><strong>").append(escaped(value)).append("</strong>");
    html.append(escaped(what)).append("</div>");
  }

  private static String price(Plan plan, double bytes) {
    return plan.price(bytes).stream()
        .mapToObj(price -> ", for " + Money.text(price))
        .findFirst()
        .orElse("");
  }

  /** All methods and what came of them. */
  static String methods(Plan plan) {
    List<String> heads =
        List.of("s to target", "accuracy %", "samples / s", "bytes / s", "between sites in a run");
    StringBuilder html =
        new StringBuilder(
            "<div class=\"scroll\"><table><thead><tr><th>method</th><th>settings</th>");
    heads.forEach(head -> head(html, head));
    html.append("</tr></thead>\n<tbody>");
    for (PresetSummary method : plan.summary().presets()) {
      boolean chosen = method.preset().equals(plan.decision().chosen().preset());
      List<Traffic> traffic = Traffic.of(plan.where(), plan.runs(method));
      html.append(chosen ? "<tr class=\"best\"><td>★ " : "<tr><td>");
      html.append(escaped(method.preset())).append("</td><td class=\"settings\">");
      html.append(escaped(plan.contender(method.preset()).settings())).append("</td>");
      cell(
          html,
          Verdict.noTime(method, plan.summary().comparison())
              .orElse(Figures.seconds(method.secondsToTarget())));
      cell(html, PlanNotes.accuracy(plan, method));
      cell(html, Figures.decimals(method.samplesPerSecond(), 0));
      cell(html, ComparisonTable.bytes(Traffic.allBytesPerSecond(traffic)));
      double bytes = Traffic.wanBytes(traffic);
      cell(html, ComparisonTable.bytes(bytes) + price(plan, bytes));
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  /** How to read the table of links. */
  static String linksIntroduction(Plan plan) {
    String price =
        plan.request().costPerGb().isPresent()
            ? Phrase.of(
                " Prices are for %s for 10⁹ bytes that leave a site; what stays in a site is free.",
                Figures.decimals(plan.request().costPerGb().getAsDouble(), 3))
            : " With --cost-per-gb their price stands here.";
    return "The recommended method's, one direction in each line, framing included; means over its"
        + " runs. Use is the share of what the way carries by itself; workers that send to several"
        + " others share their line among them."
        + price;
  }

  /** Bytes of each link, and their price. */
  static String links(Plan plan) {
    boolean priced = plan.request().costPerGb().isPresent();
    List<String> heads = new ArrayList<>(List.of("Mbit/s", "use %", "bytes / s", plan.until()));
    heads.add("a day at that rate");
    if (priced) {
      heads.addAll(List.of("price " + plan.until(), "price of a day"));
    }
    StringBuilder html =
        new StringBuilder("<div class=\"scroll\"><table><thead><tr><th>from</th><th>to</th>");
    heads.forEach(head -> head(html, head));
    html.append("</tr></thead>\n<tbody>");
    plan.traffic().stream().limit(LINKS_MAX).forEach(t -> link(html, plan, t, priced));
    if (plan.traffic().size() > LINKS_MAX) {
      html.append("<tr><td colspan=\"").append(heads.size() + 2).append("\">… and ");
      html.append(plan.traffic().size() - LINKS_MAX).append(" links more in plan.json</td></tr>");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  private static void link(StringBuilder html, Plan plan, Traffic t, boolean priced) {
    html.append("<tr><td>").append(escaped(t.from().name())).append("</td><td>");
    html.append(escaped(t.to().name())).append(t.wan() ? "" : " (same site)").append("</td>");
    cell(html, Figures.decimals(t.mbit(), t.mbit() < 10 ? 1 : 0));
    cell(html, Figures.percent(t.use()));
    cell(html, ComparisonTable.bytes(t.bytesPerSecond()));
    cell(html, ComparisonTable.bytes(t.bytes()));
    cell(html, ComparisonTable.bytes(t.bytesPerDay()));
    if (priced) {
      cell(html, amount(plan, t, t.bytes()));
      cell(html, amount(plan, t, t.bytesPerDay()));
    }
    html.append("</tr>\n");
  }

  private static String amount(Plan plan, Traffic t, double bytes) {
    return t.wan() ? Money.text(plan.price(bytes).orElseThrow()) : "free";
  }

  /** What upgrades would gain. */
  static String gains(Plan plan) {
    if (plan.gains().isEmpty()) {
      return "<p>Not looked at (--no-what-if).</p>\n";
    }
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><thead><tr><th>with</th>");
    List.of("s to target", "accuracy %", "samples / s").forEach(head -> head(html, head));
    html.append("<th>gain</th></tr></thead>\n<tbody>");
    gain(html, plan, "the sites as they are", plan.decision().chosen(), "");
    plan.gains().forEach(g -> gain(html, plan, g.upgrade().title(), g.then(), g.verdict()));
    return html.append("</tbody></table></div>\n").toString();
  }

  private static void gain(
      StringBuilder html, Plan plan, String what, PresetSummary then, String verdict) {
    html.append("<tr><td class=\"what\">").append(escaped(what)).append("</td>");
    cell(
        html,
        Verdict.noTime(then, plan.summary().comparison())
            .orElse(Figures.seconds(then.secondsToTarget())));
    cell(html, PlanNotes.accuracy(plan, then));
    cell(html, Figures.decimals(then.samplesPerSecond(), 0));
    html.append("<td class=\"what\">").append(escaped(verdict)).append("</td></tr>\n");
  }

  private static void head(StringBuilder html, String text) {
    html.append("<th class=\"n\">").append(escaped(text)).append("</th>");
  }

  private static void cell(StringBuilder html, String text) {
    html.append("<td class=\"n\">").append(escaped(text)).append("</td>");
  }
}
