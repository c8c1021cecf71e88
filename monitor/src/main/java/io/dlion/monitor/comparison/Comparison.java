package io.dlion.monitor.comparison;

import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Several presets trained in one environment, all with the same model, data, budget and seeds.
 * Immutable.
 *
 * @param environment name of the environment
 * @param target test accuracy to reach, mean over workers; empty where none was asked for
 * @param budgetSeconds virtual time each run had
 * @param model name of the model
 * @param data name of the data set, or what describes it
 * @param notes what a reader must know of this comparison beside the numbers (how presets were
 *     tuned, what was left out): a sentence each
 * @param presets in the order they are shown in; at least one, names unique
 * @param ideal runs of the ideal bound (the same total compute, free communication, perfect
 *     division), one for each seed; empty where it was not run
 */
public record Comparison(
    String environment,
    OptionalDouble target,
    double budgetSeconds,
    String model,
    String data,
    List<String> notes,
    List<PresetRuns> presets,
    List<SeedRun> ideal) {

  /** Checks and copies. */
  public Comparison {
    if (!(budgetSeconds > 0) || Double.isInfinite(budgetSeconds)) {
      throw new IllegalArgumentException("budget of " + budgetSeconds + " s");
    }
    target.ifPresent(t -> {
      if (!Double.isFinite(t)) {
        throw new IllegalArgumentException("target of " + t);
      }
    });
    notes = List.copyOf(notes);
    presets = List.copyOf(presets);
    ideal = List.copyOf(ideal);
    if (presets.isEmpty()) {
      throw new IllegalArgumentException("no presets to compare");
    }
    Set<String> names = new HashSet<>();
    for (PresetRuns p : presets) {
      if (!names.add(p.preset())) {
        throw new IllegalArgumentException("preset '" + p.preset() + "' is there twice");
      }
    }
  }

  /**
   * The runs of one preset.
   *
   * @param preset its name
   * @param settings what was set otherwise than the preset says (tuning, {@code --set}), in the
   *     order it is shown in
   * @param runs one for each seed, at least one
   */
  public record PresetRuns(String preset, Map<String, String> settings, List<SeedRun> runs) {
    /** Checks and copies. */
    public PresetRuns {
      settings = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(settings));
      runs = List.copyOf(runs);
      if (runs.isEmpty()) {
        throw new IllegalArgumentException("no runs of preset '" + preset + "'");
      }
    }
  }
}
