package io.dlion.emulator.environment;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an emulation changes of its environments, by key:
 *
 * <ul>
 *   <li>{@value #H}: heterogeneity, mean speed over least speed of the workers that train at the
 *       beginning of a run. The slowest of them become slower, or faster, but not faster than the
 *       next.
 *   <li>{@value #MBIT}: the rate of the access links of all workers that train, up and as much
 *       down; those on LAN ports get access links.
 *   <li>{@value #LATENCY}: one way between any two workers of different sites.
 * </ul>
 *
 * @param values as they were written, by key
 */
public record Adjustments(Map<String, String> values) {
  /** What all keys begin with. */
  public static final String PREFIX = "environment.";

  private static final String H = PREFIX + "h";
  private static final String MBIT = PREFIX + "mbit";
  private static final String LATENCY = PREFIX + "latency";
  private static final List<String> KEYS = List.of(H, MBIT, LATENCY);

  /** None at all. */
  public static final Adjustments NONE = new Adjustments(Map.of());

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

  /** The slowest worker is at least so fast, in parts of the fastest. */
  private static final double SLOWEST = 0.01;

  /** Speeds that differ by less than rounding are one class. */
  private static final double SAME_CLASS = 1 + 1e-9;

  /** Orders the values, so that names do not depend on the order in which they were given. */
  public Adjustments {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (String key : KEYS) {
      if (values.containsKey(key)) {
        ordered.put(key, values.get(key));
      }
    }
    values = Collections.unmodifiableMap(ordered);
  }

  /**
   * These and one more, in place of one with the same key.
   *
   * @throws UserError for an unknown key (with the nearest one) or a value that cannot be
   */
  public Adjustments with(String key, String value) {
    if (!KEYS.contains(key)) {
      throw new UserError(
          Phrase.of(
              "unknown argument '%s'%s (of environments there are %s)",
              key, Nearest.hint(key, KEYS), String.join(", ", KEYS)));
    }
    boolean valid =
        switch (key) {
          case H -> number(value).orElse(0) >= 1;
          case MBIT -> number(value).orElse(0) > 0;
          default -> Times.nanos(value).isPresent();
        };
    if (!valid) {
      throw new UserError(Phrase.of("%s: expected %s, found '%s'", key, expected(key), value));
    }
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(key, value);
    return new Adjustments(more);
  }

  private static String expected(String key) {
    return switch (key) {
      case H -> "mean speed over least speed, at least 1, such as 3.2";
      case MBIT -> "a rate above 0 in Mbit/s";
      default -> "a time such as 25ms";
    };
  }

  private static OptionalDouble number(String text) {
    return NUMBER.matcher(text).matches()
        ? OptionalDouble.of(Double.parseDouble(text))
        : OptionalDouble.empty();
  }

  /** An environment with these changes, and a name that tells them. */
  Definition of(Definition given) {
    Definition changed = given;
    for (Map.Entry<String, String> value : values.entrySet()) {
      String text = value.getValue();
      changed =
          switch (value.getKey()) {
            case H -> heterogeneous(changed, text).named(changed.name() + "-h" + text);
            case MBIT -> onLines(changed, text).named(changed.name() + "-" + text + "mbit");
            default -> late(changed, text).named(changed.name() + "-" + text);
          };
    }
    return changed;
  }

  private static Definition onLines(Definition given, String text) {
    requireSites(given, MBIT, text);
    double mbit = number(text).orElseThrow();
    return given.withMachines(
        given.machines().stream().map(m -> m.trains() ? m.withMbit(mbit) : m).toList());
  }

  private static Definition late(Definition given, String text) {
    requireSites(given, LATENCY, text);
    return given.withLatencyBetweenSites(Times.nanos(text).orElseThrow());
  }

  private static void requireSites(Definition given, String key, String text) {
    Set<String> sites = new HashSet<>();
    given.machines().forEach(m -> sites.add(m.worker().site()));
    if (sites.size() < 2) {
      throw new UserError(
          Phrase.of(
              "%s=%s changes links between sites, and all workers of %s are in one",
              key, text, given.name()));
    }
  }

  /**
   * With n workers of which the k slowest have speed x and the others S together, H = (S + k·x) /
   * (n·x).
   */
  private static Definition heterogeneous(Definition given, String text) {
    List<Machine> training = given.machines().stream().filter(Machine::trains).toList();
    if (training.stream().anyMatch(m -> !m.costs().isEmpty())) {
      throw new UserError(
          Phrase.of(
              "%s=%s changes speeds that are given as cores or speed, and workers of %s have a"
                  + " calibration of their own",
              H, text, given.name()));
    }
    double[] speeds = training.stream().mapToDouble(m -> m.capacity().speedAt(0)).toArray();
    double least = Arrays.stream(speeds).min().orElseThrow();
    double fastest = Arrays.stream(speeds).max().orElseThrow();
    double bound = least * SAME_CLASS;
    double[] others = Arrays.stream(speeds).filter(s -> s > bound).toArray();
    if (least == 0 || others.length == 0) {
      throw new UserError(
          Phrase.of(
              "%s=%s changes the speed of the slowest workers, and %s",
              H,
              text,
              least == 0
                  ? "one of " + given.name() + " stands still at the beginning"
                  : "all of " + given.name() + " are equally fast: H is 1"));
    }
    int slow = speeds.length - others.length;
    double sum = Arrays.stream(others).sum();
    double from = (sum / Arrays.stream(others).min().orElseThrow() + slow);
    double to = (sum / Math.min(least, SLOWEST * fastest) + slow);
    double wanted = number(text).orElseThrow() * speeds.length;
    if (wanted < from || wanted > to) {
      throw new UserError(
          Phrase.of(
              "%s: expected %.3f to %.3f in %s, where %d of %d workers are the slowest and become"
                  + " at most as fast as the next and at least 1 %% as fast as the fastest, found"
                  + " %s",
              H,
              Math.ceil(from / speeds.length * 1000) / 1000,
              Math.floor(to / speeds.length * 1000) / 1000,
              given.name(),
              slow,
              speeds.length,
              text));
    }
    double factor = sum / (wanted - slow) / least;
    return given.withMachines(
        given.machines().stream()
            .map(m ->
                m.trains() && m.capacity().speedAt(0) <= bound
                    ? m.withCapacity(m.capacity().times(factor))
                    : m)
            .toList());
  }
}
