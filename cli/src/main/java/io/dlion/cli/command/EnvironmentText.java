package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.emulator.environment.Calibration;
import io.dlion.emulator.environment.Capacity;
import io.dlion.emulator.environment.DirectedLink;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Happening;
import io.dlion.emulator.environment.Schedule;
import io.dlion.emulator.environment.SharedCores;
import io.dlion.emulator.environment.SiteStream;
import io.dlion.emulator.environment.SitedWorker;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Environments as lines of text. */
record EnvironmentText(Console console) {
  private static final String INDENT = "  ";
  private static final int LINKS_LISTED_MAX = 4;

  /** Below, workers are as good as equally fast. */
  private static final double LEAST_TOLD = 1.005;

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
    heterogeneity(e).ifPresent(lines::add);
    if (!e.workers().stream().allMatch(w -> isMeasured(e, w))) {
      lines.add("An iteration takes 24 cores " + cost(e.calibration()) + ".");
    }
    if (e.workers().stream().anyMatch(w -> unit(e, w.id()) == Capacity.Unit.SPEED)) {
      lines.add(
          "A worker of speed v takes 24 cores' time times "
              + number(Capacity.REFERENCE_SPEED)
              + "/v.");
    }
    new TreeMap<>(e.calibrations())
        .forEach((model, its) -> lines.add("One of " + model + " takes them " + cost(its) + "."));
    if (!e.hasRealBandwidth()) {
      lines.add("Bandwidths are multiplied by the size of the model over 5 MB.");
    }
    lines.add("");
    lines.addAll(workers(e));
    lines.addAll(links(e));
    lines.addAll(events(e));
    lines.addAll(
        section(
            "streams, in a run of " + seconds(Environment.DEFAULT_BUDGET_NANOS),
            EnvironmentStreams.lines(e)));
    return lines;
  }

  private static String cost(Calibration calibration) {
    return Phrase.of(
        "%s s + %s s for each sample%s",
        number(calibration.alphaSeconds()),
        number(calibration.betaSeconds()),
        calibration.restSeconds() == 0
            ? ""
            : ", and rests " + number(calibration.restSeconds()) + " s");
  }

  /** How unequal those are that train. */
  private static Optional<String> heterogeneity(Environment e) {
    long training = e.workers().stream().filter(w -> e.trains(w.id())).count();
    double h = e.heterogeneity();
    long serving = e.workers().size() - training;
    String servers =
        serving == 0
            ? ""
            : Phrase.of(
                "%s %s, %d only %s. ",
                count(training, "worker"),
                training == 1 ? "trains" : "train",
                serving,
                serving == 1 ? "serves" : "serve");
    if (h < LEAST_TOLD || Double.isInfinite(h)) {
      return servers.isEmpty() ? Optional.empty() : Optional.of(servers.strip());
    }
    return Optional.of(
        servers + Phrase.of("Mean speed over least speed, at the beginning: H = %.2f.", h));
  }

  private static Capacity.Unit unit(Environment e, WorkerId worker) {
    return e.capacity(worker).unit();
  }

  /** A row for each run of equal workers. */
  private List<String> workers(Environment e) {
    List<Row> rows = new ArrayList<>();
    for (SitedWorker worker : e.workers()) {
      Row row = row(e, worker);
      if (!rows.isEmpty() && rows.getLast().isAlike(row)) {
        rows.add(rows.removeLast().and(row));
      } else {
        rows.add(row);
      }
    }
    List<List<String>> table = new ArrayList<>();
    table.add(
        List.of(
            "workers",
            "site",
            "cores",
            "speed",
            "an iteration takes it",
            "machine",
            "records/s",
            "Mbit/s to other sites"));
    rows.forEach(r -> table.add(r.all()));
    List<String> lines = columns(withoutEmptyColumns(table));
    lines.set(0, console.bold(lines.getFirst()));
    return lines;
  }

  private static Row row(Environment e, SitedWorker worker) {
    WorkerId id = worker.id();
    String amount = schedule(e.capacity(id).amount());
    boolean inCores = unit(e, id) == Capacity.Unit.CORES;
    boolean trains = e.trains(id);
    boolean measured = isMeasured(e, worker);
    return new Row(
        List.of(worker),
        List.of(
            inCores && trains && !measured ? amount : "",
            inCores || !trains ? "" : amount,
            own(e, id),
            e.sharedCores(id).map(EnvironmentText::machine).orElse(""),
            e.stream(id).map(EnvironmentText::rate).orElse(""),
            access(e, id) + (trains ? "" : " (only serves)")));
  }

  private static boolean isMeasured(Environment e, SitedWorker worker) {
    return !e.ownCalibrations(worker.id()).isEmpty();
  }

  private static String own(Environment e, WorkerId id) {
    return e.ownCalibrations(id).entrySet().stream()
        .map(its -> (its.getKey().isEmpty() ? "" : its.getKey() + ": ") + cost(its.getValue()))
        .collect(Collectors.joining("; "));
  }

  private static String machine(SharedCores shared) {
    return Phrase.of(
        "%s of %s on %s%s",
        count(shared.threads(), "thread"),
        count(shared.cores(), "core"),
        shared.machine(),
        shared.slowdown() == 1
            ? ""
            : Phrase.of(" (%.2f times slower while all compute)", shared.slowdown()));
  }

  private static String access(Environment e, WorkerId id) {
    if (e.hasLanAccess(id)) {
      return "LAN";
    }
    String up = schedule(e.mbit(id));
    String down = schedule(e.downMbit(id));
    return up.equals(down) ? up : up + " up, " + down + " down";
  }

  /** In bursts others arrive. */
  private static String rate(SiteStream stream) {
    return schedule(stream.rate());
  }

  /**
   * A row of the table.
   *
   * @param cells behind name and site
   */
  private record Row(List<SitedWorker> workers, List<String> cells) {
    boolean isAlike(Row other) {
      return isInSameSite(other) && cells.equals(other.cells);
    }

    private boolean isInSameSite(Row other) {
      return workers.getFirst().site().equals(other.workers.getFirst().site())
          || (isAlone(workers.getLast()) && isAlone(other.workers.getFirst()));
    }

    private static boolean isAlone(SitedWorker worker) {
      return worker.site().equals(worker.id().name());
    }

    Row and(Row next) {
      List<SitedWorker> more = new ArrayList<>(workers);
      more.addAll(next.workers);
      return new Row(more, cells);
    }

    List<String> all() {
      boolean apart = workers.size() > 1 && isAlone(workers.getLast());
      List<String> all = new ArrayList<>();
      all.add(names());
      all.add(apart ? "one each" : workers.getFirst().site());
      all.addAll(cells);
      return all;
    }

    String names() {
      return switch (workers.size()) {
        case 1 -> workers.getFirst().id().name();
        case 2 -> workers.getFirst().id() + ", " + workers.getLast().id();
        default -> workers.getFirst().id() + " … " + workers.getLast().id();
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
      case Happening.Unreachable e -> pairs(e.pairs()) + " cannot reach each other";
      case Happening.Reachable e -> pairs(e.pairs()) + " can reach each other again";
    };
  }

  private static String links(List<DirectedLink> links) {
    return links.size() <= LINKS_LISTED_MAX
        ? links.stream().map(DirectedLink::toString).collect(Collectors.joining(", "))
        : links.size() + " links";
  }

  private static String pairs(List<WorkerPair> pairs) {
    return pairs.size() <= LINKS_LISTED_MAX
        ? pairs.stream().map(WorkerPair::toString).collect(Collectors.joining(", "))
        : pairs.size() + " pairs";
  }

  private static String schedule(Schedule schedule) {
    return schedule.steps().stream()
        .map(s ->
            (s.equals(schedule.steps().getFirst()) ? "" : "from " + s.from() + " ")
                + number(s.value()))
        .collect(Collectors.joining(", "));
  }

  /** A column is only shown where some row says something in it. */
  private static List<List<String>> withoutEmptyColumns(List<List<String>> table) {
    List<Integer> used =
        IntStream.range(0, table.getFirst().size())
            .filter(i -> table.stream().skip(1).anyMatch(row -> !row.get(i).isEmpty()))
            .boxed()
            .toList();
    return table.stream().map(row -> used.stream().map(row::get).toList()).toList();
  }

  static List<String> columns(List<List<String>> table) {
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

  static String seconds(long nanos) {
    return number(nanos / 1e9) + " s";
  }

  private static String millis(long nanos) {
    return number(nanos / 1e6) + " ms";
  }

  static String number(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }
}
