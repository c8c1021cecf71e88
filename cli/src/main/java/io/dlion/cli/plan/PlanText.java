package io.dlion.cli.plan;

import io.dlion.core.Phrase;
import io.dlion.monitor.comparison.ComparisonTable;
import io.dlion.monitor.comparison.Figures;
import io.dlion.monitor.comparison.PresetSummary;
import io.dlion.monitor.comparison.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** A plan as lines for the screen: what to take, what to expect of it, what would help. */
final class PlanText {
  private static final double DAY_SECONDS = 86_400;
  private static final int LINKS_MAX = 6;

  private PlanText() {}

  static List<String> lines(Plan plan) {
    PresetSummary chosen = plan.decision().chosen();
    List<String> lines = new ArrayList<>();
    lines.add((plan.decision().reached() ? "PLAN: " : "NOT REACHED: ") + PlanNotes.verdict(plan));
    plan.reasons().forEach(reason -> lines.add("  " + reason));
    plan.request()
        .sites()
        .silent()
        .forEach(site -> lines.add("  " + PlanNotes.withoutSite(site) + "."));
    lines.add("");
    lines.add("  method      " + chosen.preset() + ": preset " + plan.method().preset());
    lines.add("  settings    " + plan.chosen().settings());
    lines.add(
        Phrase.of(
            "  expect      %s samples/s %s%s",
            Figures.decimals(chosen.samplesPerSecond(), 0),
            plan.until(),
            plan.decision().reached()
                ? ""
                : Phrase.of(", accuracy %s %% then", PlanNotes.accuracy(plan, chosen))));
    lines.add("  bytes       " + bytes(plan));
    links(plan).forEach(line -> lines.add("              " + line));
    lines.add("");
    lines.add(
        "  methods                       s to target   accuracy %  samples/s   bytes/s    bytes");
    for (PresetSummary method : plan.summary().presets()) {
      lines.add(method(plan, method));
    }
    if (!plan.gains().isEmpty()) {
      lines.add("");
      lines.add("  what if");
    }
    for (Gain gain : plan.gains()) {
      lines.add("    " + gain.upgrade().title() + ":");
      lines.add("      " + gain.verdict());
    }
    return lines;
  }

  private static String method(Plan plan, PresetSummary method) {
    String time =
        Verdict.noTime(method, plan.summary().comparison())
            .orElse(Figures.seconds(method.secondsToTarget()));
    boolean chosen = method.preset().equals(plan.decision().chosen().preset());
    List<Traffic> traffic = Traffic.of(plan.where(), plan.runs(method));
    return Phrase.of(
        "  %s %-18s %20s %12s %10s %9s %8s",
        chosen ? "*" : " ",
        method.preset(),
        time,
        PlanNotes.accuracy(plan, method),
        Figures.decimals(method.samplesPerSecond(), 0),
        ComparisonTable.bytes(Traffic.allBytesPerSecond(traffic)),
        ComparisonTable.bytes(method.bytesSent()));
  }

  /** What leaves sites, for the training and for a day. */
  private static String bytes(Plan plan) {
    double perSecond = Traffic.wanBytesPerSecond(plan.traffic());
    if (perSecond == 0) {
      return Phrase.of(
          "%s/s, none of which leaves the network that all share",
          ComparisonTable.bytes(Traffic.allBytesPerSecond(plan.traffic())));
    }
    double bytes = Traffic.wanBytes(plan.traffic());
    return Phrase.of(
        "%s between sites %s%s; %s in a day at that rate%s",
        ComparisonTable.bytes(bytes),
        plan.until(),
        price(plan, bytes),
        ComparisonTable.bytes(perSecond * DAY_SECONDS),
        price(plan, perSecond * DAY_SECONDS));
  }

  private static String price(Plan plan, double bytes) {
    OptionalDouble price = plan.price(bytes);
    return price.isPresent() ? " (costs " + Money.text(price.getAsDouble()) + ")" : "";
  }

  private static List<String> links(Plan plan) {
    List<String> lines = new ArrayList<>();
    plan.traffic().stream()
        .filter(Traffic::wan)
        .limit(LINKS_MAX)
        .forEach(t ->
            lines.add(
                Phrase.of(
                    "%s → %s  %s/s, %.0f %% of %s Mbit/s",
                    t.from(),
                    t.to(),
                    ComparisonTable.bytes(t.bytesPerSecond()),
                    100 * t.use(),
                    Figures.decimals(t.mbit(), t.mbit() < 10 ? 1 : 0))));
    long more = plan.traffic().stream().filter(Traffic::wan).count() - lines.size();
    if (more > 0) {
      lines.add(Phrase.of("and %d links with less: see the report", more));
    }
    return lines;
  }
}
