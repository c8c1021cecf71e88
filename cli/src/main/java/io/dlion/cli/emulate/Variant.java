package io.dlion.cli.emulate;

import io.dlion.core.UserError;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A method as it is compared: a preset with what was changed of it.
 *
 * @param name the preset's
 * @param settings all its parameters
 */
record Variant(String name, Settings settings) {
  /**
   * Reads the presets to compare, and changes written {@code KEY=VALUE} (for all of them) or {@code
   * PRESET:KEY=VALUE} (for one).
   *
   * @throws UserError for an unknown preset or key, a value out of range, or a change of a preset
   *     that is not compared
   */
  static List<Variant> read(List<String> presets, List<String> changes) {
    Set<String> names = new LinkedHashSet<>(presets);
    for (String change : changes) {
      String preset = presetOf(change);
      if (!preset.isEmpty() && !names.contains(preset)) {
        throw new UserError(
            "--set " + change + ": " + preset + " is not among the presets compared: " + names);
      }
    }
    List<Variant> variants = new ArrayList<>();
    for (String name : names) {
      Settings settings = Presets.find(name).settings();
      for (String change : changes) {
        if (presetOf(change).isEmpty() || presetOf(change).equals(name)) {
          settings = changed(settings, change);
        }
      }
      variants.add(new Variant(name, settings));
    }
    return variants;
  }

  private static String presetOf(String change) {
    int colon = change.indexOf(':');
    int equals = change.indexOf('=');
    return colon >= 0 && (equals < 0 || colon < equals) ? change.substring(0, colon).strip() : "";
  }

  private static Settings changed(Settings settings, String change) {
    int equals = change.indexOf('=');
    if (equals < 1) {
      throw new UserError(
          "--set " + change + ": expected KEY=VALUE or PRESET:KEY=VALUE, such as sync.bound=2");
    }
    String key =
        change.substring(change.indexOf(':') < equals ? change.indexOf(':') + 1 : 0, equals);
    try {
      return settings.with(key.strip(), change.substring(equals + 1).strip());
    } catch (UserError invalid) {
      throw new UserError("--set " + change + ": " + invalid.getMessage(), invalid);
    }
  }
}
