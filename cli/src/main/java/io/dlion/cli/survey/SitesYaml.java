package io.dlion.cli.survey;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * What a survey has found, as an environment's file.
 *
 * @param timed whom it is about, in the order of their names
 * @param lines between them
 * @param relays whether pairs without a direct line are to be told
 */
record SitesYaml(TimedSites timed, LineTable lines, boolean relays) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
  private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_UP);
  private static final double BYTES_PER_MBIT = 125_000;

  /** Where nothing is known of a line: that of a LAN. */
  private static final double MBIT_UNKNOWN = 1000;

  private List<Site.Timed> sites() {
    return timed.workers();
  }

  /** The lines of the file. */
  List<String> text(LocalDate day) {
    List<String> text = new ArrayList<>();
    text.add(
        "# Measured by dlion survey: gradients on each worker's own machine with its threads,");
    text.add(
        "# alone, and beside the others there (slowdown); rates as payload in both directions,");
    text.add("# each line alone; access links from all lines of a worker at the same time.");
    text.add("description: " + quoted(count() + " surveyed on " + day + ", " + model()));
    text.add("workers:");
    Map<String, String> machines = machines();
    sites().forEach(site -> text.add("  - " + worker(site, machines)));
    if (!machines.isEmpty()) {
      text.add("machines:");
      machines.forEach((id, name) -> text.add("  " + name + ": " + machine(id)));
    }
    lanMbit().ifPresent(mbit -> text.add("lan-mbit: " + number(mbit)));
    lines
        .medianRoundTripSeconds()
        .ifPresent(s -> text.add("latency: {lan: " + oneWay(s) + ", wan: " + oneWay(s) + "}"));
    text.add("real-bandwidth: true");
    block(text, "links:", links());
    List<String> pairs = relays ? relayed() : List.of();
    if (!pairs.isEmpty()) {
      text.add("unreachable: [" + String.join(", ", pairs) + "]");
    }
    return text;
  }

  private static void block(List<String> text, String head, List<String> lines) {
    if (!lines.isEmpty()) {
      text.add(head);
      lines.forEach(line -> text.add("  " + line));
    }
  }

  private String count() {
    return sites().size() == 1 ? "a worker" : sites().size() + " workers";
  }

  private String model() {
    return sites().getFirst().steps().model();
  }

  // ---- workers

  private String worker(Site.Timed timed, Map<String, String> machines) {
    Site site = timed.site();
    String machine = machines.get(site.host().machine());
    int threads = Math.min(site.host().threads(), cores(site.host().machine()));
    return Phrase.of(
        "{name: %s, site: %s, %smbit: {up: %s, down: %s},%n     calibration: {%s: %s}}",
        quoted(site.worker().name()),
        quoted(site.place()),
        machine == null ? "" : "machine: " + machine + ", threads: " + threads + ", ",
        number(upMbit(site.worker())),
        number(downMbit(site.worker())),
        quoted(timed.steps().model()),
        cost(timed));
  }

  private static String cost(Site.Timed timed) {
    String rest =
        timed.steps().restSeconds() == 0
            ? ""
            : ", rest-seconds: " + number(timed.steps().restSeconds());
    return "{alpha-seconds: "
        + number(timed.steps().alphaSeconds())
        + ", beta-seconds: "
        + number(timed.steps().betaSeconds())
        + rest
        + "}";
  }

  /** Names of the machines on which several workers are, by their identity. */
  private Map<String, String> machines() {
    Map<String, Integer> workers = new LinkedHashMap<>();
    sites().forEach(s -> workers.merge(s.site().host().machine(), 1, Integer::sum));
    Map<String, String> names = new LinkedHashMap<>();
    workers.forEach((id, count) -> {
      if (count > 1) {
        names.put(id, "m" + (names.size() + 1));
      }
    });
    return names;
  }

  private String machine(String id) {
    double slowdown = timed.slowdown(id);
    return "{cores: " + cores(id) + (slowdown == 1 ? "" : ", slowdown: " + number(slowdown)) + "}";
  }

  private int cores(String machine) {
    return sites().stream()
        .map(s -> s.site().host())
        .filter(host -> host.machine().equals(machine))
        .mapToInt(host -> host.cores())
        .max()
        .orElseThrow();
  }

  // ---- lines

  private double upMbit(WorkerId worker) {
    return lines.access(worker).map(a -> mbit(a.up())).orElse(MBIT_UNKNOWN);
  }

  private double downMbit(WorkerId worker) {
    return lines.access(worker).map(a -> mbit(a.down())).orElse(MBIT_UNKNOWN);
  }

  /** The fastest line inside a place, if there is any. */
  private OptionalDouble lanMbit() {
    OptionalDouble most = OptionalDouble.empty();
    for (Site.Timed from : sites()) {
      for (Site.Timed to : sites()) {
        OptionalDouble rate = lines.rate(from.site().worker(), to.site().worker());
        if (inOnePlace(from, to) && rate.isPresent()) {
          most = OptionalDouble.of(Math.max(most.orElse(0), mbit(rate.getAsDouble())));
        }
      }
    }
    return most;
  }

  private static boolean inOnePlace(Site.Timed one, Site.Timed other) {
    return one.site().place().equals(other.site().place());
  }

  /** Every direction that was measured, none faster than its ends. */
  private List<String> links() {
    List<String> text = new ArrayList<>();
    for (Site.Timed from : sites()) {
      for (Site.Timed to : sites()) {
        WorkerId a = from.site().worker();
        WorkerId b = to.site().worker();
        OptionalDouble rate = lines.rate(a, b);
        if (rate.isPresent()) {
          double ends =
              inOnePlace(from, to) ? lanMbit().orElseThrow() : Math.min(upMbit(a), downMbit(b));
          text.add(
              Phrase.of(
                  "%s: {mbit: %s, latency: %s}",
                  quoted(a + ">" + b),
                  number(Math.min(ends, mbit(rate.getAsDouble()))),
                  oneWay(lines.roundTripSeconds(a, b).orElseThrow())));
        }
      }
    }
    return text;
  }

  private List<String> relayed() {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < sites().size(); i++) {
      for (int j = i + 1; j < sites().size(); j++) {
        WorkerId a = sites().get(i).site().worker();
        WorkerId b = sites().get(j).site().worker();
        if (lines.isRelayed(a, b)) {
          pairs.add(quoted(a + "-" + b));
        }
      }
    }
    return pairs;
  }

  // ---- words

  private static double mbit(double bytesPerSecond) {
    return new BigDecimal(bytesPerSecond / BYTES_PER_MBIT).round(DIGITS).doubleValue();
  }

  private static String oneWay(double roundTripSeconds) {
    return number(roundTripSeconds / 2 * 1e3) + "ms";
  }

  private static String number(double value) {
    return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }

  private static String quoted(String text) {
    return PLAIN.matcher(text).matches()
        ? text
        : '"'
            + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", "?")
            + '"';
  }
}
