package io.dlion.cli.reproduce;

import java.util.ArrayList;
import java.util.List;

/**
 * Something a paper claims, and the runs of {@code dlion emulate} that show whether it holds.
 *
 * @param name of its folder
 * @param claim in a line
 * @param source paper and section
 * @param runs arguments of each run
 * @param expected what should come out, for people
 * @param quick what a short run changes of each run: as many as there are runs
 */
public record Experiment(
    String name,
    String claim,
    String source,
    List<Arguments> runs,
    String expected,
    List<Arguments> quick) {
  /** Copies the lists. */
  public Experiment {
    runs = List.copyOf(runs);
    quick = List.copyOf(quick);
    if (runs.size() != quick.size()) {
      throw new IllegalArgumentException(runs.size() + " runs, " + quick.size() + " quick ones");
    }
  }

  /** The command lines to run, after {@code dlion emulate}. */
  public List<List<String>> commands(boolean isQuick) {
    return arguments(isQuick).stream().map(Arguments::words).toList();
  }

  List<Arguments> arguments(boolean isQuick) {
    if (!isQuick) {
      return runs;
    }
    List<Arguments> changed = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      changed.add(runs.get(i).with(quick.get(i)));
    }
    return changed;
  }
}
