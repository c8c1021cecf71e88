package io.dlion.cli.command;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.Bursts;
import io.dlion.emulator.environment.ConceptDrift;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SiteStream;
import io.dlion.emulator.environment.SitedWorker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The streams of an environment as lines of text. */
final class EnvironmentStreams {
  private static final String INDENT = "  ";
  private static final int NAMES_LISTED_MAX = 4;

  private EnvironmentStreams() {}

  /** What arrives, beyond its rates, and how the world changes. */
  static List<String> lines(Environment e) {
    if (!e.hasStreams()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    inTurn(
            e,
            stream ->
                "training begins with "
                    + EnvironmentText.number(100 * stream.begin())
                    + " % of the data")
        .forEach(lines::add);
    inTurn(e, stream -> stream.bursts().map(EnvironmentStreams::burst).orElse(""))
        .forEach(lines::add);
    List<List<String>> table = new ArrayList<>();
    for (ConceptDrift drift : e.drifts()) {
      table.add(List.of(INDENT + EnvironmentText.seconds(drift.atNanos()), what(e, drift)));
    }
    lines.addAll(EnvironmentText.columns(table));
    return lines;
  }

  /** What is said of streams, with those of whom it holds where it does not hold of all. */
  private static List<String> inTurn(Environment e, Function<SiteStream, String> text) {
    Map<String, List<WorkerId>> said = new LinkedHashMap<>();
    List<SitedWorker> training = e.workers().stream().filter(w -> e.trains(w.id())).toList();
    for (SitedWorker worker : training) {
      e.stream(worker.id())
          .map(text)
          .filter(line -> !line.isEmpty())
          .ifPresent(line -> said.computeIfAbsent(line, _ -> new ArrayList<>()).add(worker.id()));
    }
    return said.entrySet().stream()
        .map(line ->
            INDENT
                + (line.getValue().size() == training.size() ? "" : names(line.getValue()) + ": ")
                + line.getKey())
        .toList();
  }

  private static String names(List<WorkerId> workers) {
    return workers.size() <= NAMES_LISTED_MAX
        ? workers.stream().map(WorkerId::name).collect(Collectors.joining(", "))
        : workers.size() + " workers";
  }

  private static String burst(Bursts bursts) {
    return Phrase.of(
        "every %s for %s, %s times as many records arrive",
        EnvironmentText.seconds(bursts.everyNanos()),
        EnvironmentText.seconds(bursts.lengthNanos()),
        EnvironmentText.number(bursts.factor()));
  }

  private static String what(Environment e, ConceptDrift drift) {
    String classes = drift.classes() == 0 ? "half the" : Integer.toString(drift.classes());
    boolean all =
        e.workers().stream().allMatch(w -> drift.workers().contains(w.id()) || !e.trains(w.id()));
    String where = all ? "" : " at " + names(drift.workers().stream().sorted().toList());
    return switch (drift.kind()) {
      case SUDDEN -> Phrase.of("%s classes change their labels%s", classes, where);
      case GRADUAL ->
          Phrase.of(
              "%s classes change their labels%s, over %s",
              classes, where, EnvironmentText.seconds(drift.spanNanos()));
      case RECURRING ->
          Phrase.of(
              "%s classes change their labels%s, and back every %s",
              classes, where, EnvironmentText.seconds(drift.spanNanos()));
    };
  }
}
