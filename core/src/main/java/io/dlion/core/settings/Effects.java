package io.dlion.core.settings;

import io.dlion.core.UserError;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds changes of settings that change nothing. */
public final class Effects {
  private Effects() {}

  /**
   * Requires that every change has an effect with the other settings.
   *
   * @param settings with the changes
   * @param preset without them
   * @throws UserError naming the change, and which other setting it needs
   */
  public static void require(Settings settings, Settings preset) {
    for (String key : settings.asMap().keySet()) {
      require(key, settings, preset);
    }
  }

  /** The same of one setting. */
  public static void require(String key, Settings settings, Settings preset) {
    if (settings.text(key).equals(preset.text(key))) {
      return;
    }
    for (Condition condition : Options.find(key).needs()) {
      if (!condition.holds(settings)) {
        throw new UserError(
            key
                + "="
                + settings.text(key)
                + ": has no effect with "
                + condition.key()
                + "="
                + settings.text(condition.key())
                + "; expected "
                + condition.key()
                + " to be "
                + condition.needed()
                + ". Leave it out, or set that");
      }
    }
  }

  /** Sections of which no option has an effect with these settings, in their order. */
  public static Set<String> idleSections(Settings settings) {
    Set<String> idle = new LinkedHashSet<>();
    Options.all().forEach(option -> idle.add(option.section()));
    Options.all().stream()
        .filter(option -> option.hasEffect(settings))
        .forEach(option -> idle.remove(option.section()));
    return idle;
  }

  /** The changes among some that would have no effect with these settings. */
  static List<String> without(Map<String, String> changes, Settings settings) {
    return changes.keySet().stream()
        .filter(key -> !Options.find(key).hasEffect(settings))
        .sorted()
        .toList();
  }

  /** Those of some changes that have an effect where all of them are made. */
  public static Map<String, String> only(Map<String, String> changes, Settings settings) {
    Map<String, String> effective = new LinkedHashMap<>(changes);
    effective.keySet().removeAll(without(changes, settings.with(changes)));
    return effective;
  }
}
