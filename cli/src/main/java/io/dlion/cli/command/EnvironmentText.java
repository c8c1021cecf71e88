package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.Calibration;
import io.dlion.emulator.environment.DirectedLink;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Happening;
import io.dlion.emulator.environment.Schedule;
import io.dlion.emulator.environment.SitedWorker;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Environments as lines of text. */
record EnvironmentText(Console console) {
  private static final String INDENT = "  ";
  private static final int LINKS_LISTED_MAX = 4;

  List<String> list(List<Environment> environments) {
    List<String> lines = new ArrayList<>();
    for (Environment e : environments) {
      lines.add(
          console.bold(Phrase.of("%-14s", e.name()))
              + Phrase.of("%4d workers  %s", e.workers().size(), e.description()));
    }
    lines.add("");
    lines.add("dlion environments NAME shows one; dlion emulate --environment NAME,… compares");
    lines.add("methods there. Your own: a YAML file such as environments/example.yaml.");
    return lines;
  }

  List<String> details(Environment e) {
    List<String> lines = new ArrayList<>();
    lines.add(console.bold(e.name()) + (e.description().isEmpty() ? "" : ": " + e.description()));
    lines.add(
        Phrase.of(
            "%s in %s. Inside a site %s Mbit/s and %s, between sites %s.",
            count(e.workers().size(), "worker"),
            count(e.workers().stream().map(SitedWorker::site).distinct().count(), "site"),
            number(e.lanMbit()),
            millis(e.lanLatencyNanos()),
            millis(e.wanLatencyNanos())));
    lines.add("An iteration takes 24 cores " + cost(e.calibration()) + ".");
    new TreeMap<>(e.calibrations())
        .forEach((model, its) -> lines.add("One of " + model + " takes them " + cost(its) + "."));
    if (!e.hasRealBandwidth()) {
      lines.add("Bandwidths are multiplied by the size of the model over 5 MB.");
    }
    lines.add("");
    lines.addAll(workers(e));
    lines.addAll(links(e));
    lines.addAll(events(e));
    return lines;
  }

  private static String cost(Calibration calibration) {
    return Phrase.of(
        "%s s + %s s for each sample",
        number(calibration.alphaSeconds()), number(calibration.betaSeconds()));
  }

  /** A row for each run of equal workers. */
  private List<String> workers(Environment e) {
    List<Row> rows = new ArrayList<>();
    for (SitedWorker worker : e.workers()) {
      WorkerId id = worker.id();
      String mbit = e.hasLanAccess(id) ? "LAN" : schedule(e.mbit(id));
      Row row = new Row(List.of(id), worker.site(), schedule(e.cores(id)), mbit);
      if (!rows.isEmpty() && rows.getLast().isAlike(row)) {
        rows.add(rows.removeLast().and(id));
      } else {
        rows.add(row);
      }
    }
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("workers", "site", "cores", "Mbit/s to other sites"));
    rows.forEach(r -> table.add(List.of(r.names(), r.site, r.cores, r.mbit)));
    List<String> lines = columns(table);
    lines.set(0, console.bold(lines.getFirst()));
    return lines;
  }

  private record Row(List<WorkerId> workers, String site, String cores, String mbit) {
    boolean isAlike(Row other) {
      return site.equals(other.site) && cores.equals(other.cores) && mbit.equals(other.mbit);
    }

    Row and(WorkerId worker) {
      List<WorkerId> more = new ArrayList<>(workers);
      more.add(worker);
      return new Row(more, site, cores, mbit);
    }

    String names() {
      return switch (workers.size()) {
        case 1 -> workers.getFirst().name();
        case 2 -> workers.getFirst() + ", " + workers.getLast();
        default -> workers.getFirst() + " … " + workers.getLast();
      };
    }
  }

  private List<String> links(Environment e) {
    List<String> lines = new ArrayList<>();
    for (DirectedLink link : e.particularLinks()) {
      String rate =
          e.pathMbit(link.from(), link.to())
              .map(mbit -> "at most " + schedule(mbit) + " Mbit/s, ")
              .orElse("");
      lines.add(INDENT + link + ": " + rate + millis(e.latencyNanos(link.from(), link.to())));
    }
    return section("links", lines);
  }

  private List<String> events(Environment e) {
    List<List<String>> table = new ArrayList<>();
    for (Happening happening : e.happenings()) {
      table.add(List.of(INDENT + seconds(happening.atNanos()), what(happening)));
    }
    return section(
        "events, in a run of " + seconds(Environment.DEFAULT_BUDGET_NANOS), columns(table));
  }

  private List<String> section(String title, List<String> lines) {
    List<String> section = new ArrayList<>();
    if (!lines.isEmpty()) {
      section.add("");
      section.add(console.bold(title));
      section.addAll(lines);
    }
    return section;
  }

  private static String what(Happening happening) {
    return switch (happening) {
      case Happening.Join e -> e.worker() + " joins";
      case Happening.Leave e -> e.worker() + " leaves";
      case Happening.Crash e -> e.worker() + " crashes";
      case Happening.Restart e -> e.worker() + " starts again";
      case Happening.Pause e -> e.worker() + " stands still until " + seconds(e.untilNanos());
      case Happening.Cut e -> links(e.links()) + " cut";
      case Happening.Heal e -> links(e.links()) + " healed";
    };
  }

  private static String links(List<DirectedLink> links) {
    return links.size() <= LINKS_LISTED_MAX
        ? links.stream().map(DirectedLink::toString).collect(Collectors.joining(", "))
        : links.size() + " links";
  }

  private static String schedule(Schedule schedule) {
    return schedule.steps().stream()
        .map(s ->
            (s.equals(schedule.steps().getFirst()) ? "" : "from " + s.from() + " ")
                + number(s.value()))
        .collect(Collectors.joining(", "));
  }

  private static List<String> columns(List<List<String>> table) {
    int columns = table.isEmpty() ? 0 : table.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : table) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : table) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static String seconds(long nanos) {
    return number(nanos / 1e9) + " s";
  }

  private static String millis(long nanos) {
    return number(nanos / 1e6) + " ms";
  }

  private static String number(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }
}
