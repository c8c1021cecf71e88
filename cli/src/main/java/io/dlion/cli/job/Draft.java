package io.dlion.cli.job;

import io.dlion.core.UserError;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What somebody wrote, in flags or in a job file, each value with its place; nothing checked yet.
 * Immutable.
 */
public final class Draft {
  private static final Set<JobKey> GOALS =
      Set.of(JobKey.EPOCHS, JobKey.TIME, JobKey.TARGET_ACCURACY);

  /** The setting that {@link JobKey#SERVER} stands for. */
  static final String SERVER_NAME = "server.name";

  private final Map<JobKey, List<Item>> items;

  private Draft(Map<JobKey, List<Item>> items) {
    this.items = items;
  }

  static Draft of(Map<JobKey, List<Item>> items) {
    Map<JobKey, List<Item>> copy = new EnumMap<>(JobKey.class);
    items.forEach((key, values) -> copy.put(key, List.copyOf(values)));
    return new Draft(copy);
  }

  /** Nothing said: all defaults. */
  public static Draft empty() {
    return of(Map.of());
  }

  /**
   * The flags of a command line, each with its values in order.
   *
   * @throws UserError where a named value lacks its name
   */
  public static Draft ofFlags(Map<JobKey, List<String>> flags) {
    Map<JobKey, List<Item>> items = new EnumMap<>(JobKey.class);
    flags.forEach((key, texts) -> {
      List<Item> read = new ArrayList<>();
      texts.forEach(text -> read.addAll(split(key, text, Place.flag(key))));
      items.put(key, read);
    });
    return of(items);
  }

  /** The items in the text form that flags have: {@code 5,3,2} or {@code w2=2,w3=4}. */
  static List<Item> split(JobKey key, String text, Place place) {
    if (key == JobKey.SCHEMA) { // whose values are lists themselves
      return List.of(named(key, text, place));
    }
    if (key.form() == JobKey.Form.VALUE) {
      return List.of(new Item("", text, place));
    }
    List<Item> items = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      items.add(
          key.form() == JobKey.Form.LIST
              ? new Item("", part.strip(), place)
              : named(key, part, place));
    }
    return items;
  }

  private static Item named(JobKey key, String part, Place place) {
    int equals = part.indexOf('=');
    if (equals < 1) {
      throw place.expected(key.parameter(), part);
    }
    String name = part.substring(0, equals).strip();
    return new Item(name, part.substring(equals + 1).strip(), place.of(name));
  }

  /** The value of a key that holds one. */
  Optional<Item> one(JobKey key) {
    List<Item> all = all(key);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** All values of a key; of several with the same name only the last. */
  List<Item> all(JobKey key) {
    List<Item> all = items.getOrDefault(key, List.of());
    if (key.form() != JobKey.Form.MAP) {
      return all;
    }
    Map<String, Item> byName = new LinkedHashMap<>();
    all.forEach(item -> byName.put(item.name(), item));
    return List.copyOf(byName.values());
  }

  /** Whether a setting is among those that were given. */
  private boolean names(String setting) {
    return all(JobKey.SET).stream().anyMatch(item -> item.name().equals(setting));
  }

  /** Whether anything was said about a key. */
  public boolean has(JobKey key) {
    return items.containsKey(key);
  }

  /**
   * This draft (a job file) with flags on top, which win: value by value, and name by name in
   * {@code set}, {@code slow} and {@code links}. Two rules make that what people mean. A goal among
   * the flags replaces all goals of the file. Another preset among the flags replaces the file's
   * preset with all that it implied; settings in which the file differs from its own preset stay.
   *
   * @throws UserError where either names a preset that does not exist
   */
  public Draft overriddenBy(Draft flags) {
    Map<JobKey, List<Item>> merged = new EnumMap<>(JobKey.class);
    merged.putAll(items);
    if (GOALS.stream().anyMatch(flags::has)) {
      merged.keySet().removeAll(GOALS);
    }
    if (flags.names(SERVER_NAME)) {
      merged.remove(JobKey.SERVER);
    }
    if (flags.has(JobKey.SERVER)) {
      merged.computeIfPresent(
          JobKey.SET,
          (key, set) -> set.stream().filter(item -> !item.name().equals(SERVER_NAME)).toList());
    }
    if (flags.has(JobKey.PRESET)) {
      merged.computeIfPresent(JobKey.SET, (key, set) -> changes(set));
    }
    flags.items.forEach((key, values) -> {
      List<Item> both = new ArrayList<>();
      if (key.form() == JobKey.Form.MAP) {
        both.addAll(merged.getOrDefault(key, List.of()));
      }
      both.addAll(values);
      merged.put(key, both);
    });
    return of(merged);
  }

  /**
   * This draft (flags) with settings beneath it: of one that both name, this draft's value holds.
   *
   * @param where they stand, for errors
   */
  public Draft above(Map<String, String> settings, String where) {
    List<Item> both = new ArrayList<>();
    settings.forEach((key, value) -> both.add(new Item(key, value, new Place(where, ""))));
    both.addAll(items.getOrDefault(JobKey.SET, List.of()));
    Map<JobKey, List<Item>> merged = new EnumMap<>(JobKey.class);
    merged.putAll(items);
    merged.put(JobKey.SET, both);
    return of(merged);
  }

  /** Those of this file's settings that are not simply its preset's; invalid ones stay. */
  private List<Item> changes(List<Item> set) {
    Settings implied = preset().settings();
    return set.stream().filter(item -> !isImplied(implied, item)).toList();
  }

  private static boolean isImplied(Settings implied, Item item) {
    try {
      return implied.with(item.name(), item.text()).equals(implied);
    } catch (UserError invalid) {
      return false;
    }
  }

  /**
   * The preset named here, or the default one.
   *
   * @throws UserError where there is none of that name
   */
  public Presets.Preset preset() {
    Optional<Item> named = one(JobKey.PRESET);
    try {
      return Presets.find(named.map(Item::text).orElse(JobKey.Defaults.PRESET));
    } catch (UserError unknown) {
      throw named.map(item -> item.place().wrap(unknown)).orElse(unknown);
    }
  }
}
