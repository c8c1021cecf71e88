package io.dlion.cli.plan;

import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.cli.tune.Tuner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A method with settings that may be recommended.
 *
 * @param name of both: the method's, with {@code -tuned} where settings were found for it
 * @param method with all its settings
 * @param found settings that tuning found; empty for a method as it is
 */
record Contender(String name, ComparedMethod method, Map<String, String> found) {
  /** What the name of a method ends in that was tuned. */
  static final String TUNED = "-tuned";

  /** The method that fits itself, by its preset. */
  private static final String FITS_ITSELF = "dlion";

  Contender {
    found = java.util.Collections.unmodifiableMap(new TreeMap<>(found));
  }

  /**
   * Each method with the best settings that were found for it; and as it is, even where others are
   * better, the one that fits itself: the first of those of preset {@value #FITS_ITSELF}, or else
   * the first method of all. Methods that diverged in every trial are left out.
   */
  static List<Contender> of(List<Tuner.Outcome> tuned) {
    ComparedMethod plain =
        tuned.stream()
            .map(Tuner.Outcome::method)
            .filter(method -> method.preset().equals(FITS_ITSELF))
            .findFirst()
            .orElse(tuned.getFirst().method());
    List<Contender> all = new ArrayList<>();
    for (Tuner.Outcome outcome : tuned) {
      ComparedMethod method = outcome.method();
      boolean sound = !outcome.standing().neverSound();
      boolean asItIs = method.equals(plain) || (sound && outcome.changes().isEmpty());
      if (asItIs) {
        all.add(new Contender(method.name(), method, Map.of()));
      }
      if (sound && !outcome.changes().isEmpty()) {
        String name = method.name() + TUNED;
        all.add(
            new Contender(
                name,
                new ComparedMethod(
                    name, method.preset(), method.settings().with(outcome.changes())),
                outcome.changes()));
      }
    }
    return all;
  }

  /** Whether nothing was tuned of it. */
  boolean isAsItIs() {
    return found.isEmpty();
  }

  /** What tuning found, for people. */
  String settings() {
    return isAsItIs()
        ? "as it is"
        : found.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(" "));
  }
}
