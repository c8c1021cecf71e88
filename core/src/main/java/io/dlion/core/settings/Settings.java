package io.dlion.core.settings;

import io.dlion.core.UserError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A value for every {@link Option}. Immutable; all values are valid. */
public final class Settings {
  private final Map<String, String> values;

  private Settings(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /** Every option at its default. */
  public static Settings defaults() {
    Map<String, String> values = new LinkedHashMap<>();
    Options.all().forEach(o -> values.put(o.key(), o.initial()));
    return new Settings(values);
  }

  /**
   * These settings with one value changed.
   *
   * @throws UserError for an unknown key (with the nearest one) or a value out of its range
   */
  public Settings with(String key, String value) {
    Map<String, String> changed = new LinkedHashMap<>(values);
    changed.put(key, Options.find(key).check(value));
    return new Settings(changed);
  }

  /** These settings with several values changed. */
  public Settings with(Map<String, String> changes) {
    Settings result = this;
    for (Map.Entry<String, String> change : changes.entrySet()) {
      result = result.with(change.getKey(), change.getValue());
    }
    return result;
  }

  /** All values by key, in the order of {@link Options#all()}. */
  public Map<String, String> asMap() {
    Map<String, String> ordered = new LinkedHashMap<>();
    Options.all().forEach(o -> ordered.put(o.key(), text(o.key())));
    return ordered;
  }

  /** A value as text. */
  public String text(String key) {
    return Objects.requireNonNull(values.get(Options.find(key).key()));
  }

  /** Whether an option has this word as its value. */
  public boolean is(String key, String word) {
    if (!Options.find(key).words().contains(word)) {
      throw new IllegalArgumentException(key + " never is '" + word + "'");
    }
    return text(key).equals(word);
  }

  /** Whether an option that takes a number or {@code auto} is left to the program. */
  public boolean isAuto(String key) {
    return is(key, "auto");
  }

  /** A whole number. */
  public long integer(String key) {
    return Long.parseLong(text(key));
  }

  /** A whole number that fits an int (every range that is read so does). */
  public int smallInteger(String key) {
    return Math.toIntExact(integer(key));
  }

  /** A decimal number. */
  public double number(String key) {
    return Double.parseDouble(text(key));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Settings that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return asMap().toString();
  }
}
