package io.dlion.core.settings;

import java.util.List;
import java.util.function.Predicate;

/**
 * What other settings must be for an option to have an effect.
 *
 * @param key the other option
 * @param needed its values, for people: {@code "full or max-n"}
 * @param holds whether a value is one of them
 */
public record Condition(String key, String needed, Predicate<String> holds) {
  /** The other option must be one of these words. */
  static Condition is(String key, String... words) {
    return new Condition(key, String.join(" or ", words), List.of(words)::contains);
  }

  /** The other option must be none of these words. */
  static Condition isNot(String key, String... words) {
    return new Condition(
        key, "anything but " + String.join(" or ", words), v -> !List.of(words).contains(v));
  }

  /** The other option must be a number above 0. */
  static Condition above0(String key) {
    return new Condition(key, "above 0", value -> Double.parseDouble(value) > 0);
  }

  /** The other option must be the number 0. */
  static Condition is0(String key) {
    return new Condition(key, "0", value -> Double.parseDouble(value) == 0);
  }

  /** Whether these settings are such. */
  boolean holds(Settings settings) {
    return holds.test(settings.text(key));
  }

  @Override
  public String toString() {
    return key + ": " + needed;
  }
}
