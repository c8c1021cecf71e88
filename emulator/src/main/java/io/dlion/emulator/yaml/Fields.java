package io.dlion.emulator.yaml;

import io.dlion.core.settings.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of a group of known keys. */
public final class Fields {
  private final Value group;
  private final Map<String, Value> values;
  private final List<String> keys;

  Fields(Value group, Map<String, Value> values, List<String> keys) {
    this.group = group;
    this.values = values;
    this.keys = keys;
  }

  /** The group itself, for errors about all of it. */
  public Value group() {
    return group;
  }

  /** A value that may be left out. */
  public Optional<Value> find(String key) {
    if (!keys.contains(key)) {
      throw new IllegalArgumentException(key + " is none of " + keys);
    }
    return Optional.ofNullable(values.get(key));
  }

  /** A value that must be there. */
  public Value get(String key) {
    return find(key).orElseThrow(() -> group.error("expected " + key + ", found none"));
  }

  /** What to add to an error about an unknown key. */
  static String hint(String name, List<String> keys) {
    String near = Nearest.hint(name, keys);
    return near.isEmpty() ? "; the keys are " + String.join(", ", keys) : near;
  }
}
