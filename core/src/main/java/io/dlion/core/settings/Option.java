package io.dlion.core.settings;

import io.dlion.core.UserError;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One parameter that {@code --set key=value} or a job file can reach.
 *
 * @param key dotted name, for example {@code batching.initial}
 * @param kind what values it takes
 * @param initial its default, as text
 * @param minimum least number allowed (numbers only)
 * @param maximum greatest number allowed (numbers only)
 * @param words the words allowed (all of them for {@code WORD}, besides numbers for {@code NUMBER})
 * @param meaning one line, units included
 * @param needs what other settings must be for it to have an effect, all of them
 * @param space where {@code dlion tune} looks for its best value; empty: it is not tuned
 */
public record Option(
    String key,
    Kind kind,
    String initial,
    double minimum,
    double maximum,
    List<String> words,
    String meaning,
    List<Condition> needs,
    Optional<SearchSpace> space) {
  /** What values an option takes. */
  public enum Kind {
    /** A whole number. */
    INTEGER,
    /** A decimal number. */
    NUMBER,
    /** One of a few words. */
    WORD,
    /** Whatever the option's meaning says; checked where it is used. */
    TEXT
  }

  static Option integer(String key, long initial, long minimum, long maximum, String meaning) {
    String number = Long.toString(initial);
    return of(key, Kind.INTEGER, number, (double) minimum, (double) maximum, List.of(), meaning);
  }

  static Option integerOr(
      String word, String key, String initial, long minimum, long maximum, String meaning) {
    return of(
        key, Kind.INTEGER, initial, (double) minimum, (double) maximum, List.of(word), meaning);
  }

  static Option number(String key, String initial, double minimum, double maximum, String meaning) {
    return of(key, Kind.NUMBER, initial, minimum, maximum, List.of(), meaning);
  }

  static Option numberOr(
      String word, String key, String initial, double minimum, double maximum, String meaning) {
    return of(key, Kind.NUMBER, initial, minimum, maximum, List.of(word), meaning);
  }

  static Option word(String key, String meaning, String initial, String... others) {
    List<String> words = new java.util.ArrayList<>(List.of(initial));
    words.addAll(List.of(others));
    return of(key, Kind.WORD, initial, 0, 0, words, meaning);
  }

  static Option text(String key, String initial, String meaning) {
    return of(key, Kind.TEXT, initial, 0, 0, List.of(), meaning);
  }

  static Option textOr(String word, String key, String meaning) {
    return of(key, Kind.TEXT, word, 0, 0, List.of(word), meaning);
  }

  private static Option of(
      String key,
      Kind kind,
      String initial,
      double minimum,
      double maximum,
      List<String> words,
      String meaning) {
    return new Option(
        key, kind, initial, minimum, maximum, words, meaning, List.of(), Optional.empty());
  }

  /** The same, with no effect unless other settings are such. */
  Option with(Condition... conditions) {
    return new Option(
        key, kind, initial, minimum, maximum, words, meaning, List.of(conditions), space);
  }

  /** The same, tuned among these values. */
  Option in(SearchSpace values) {
    return new Option(
        key, kind, initial, minimum, maximum, words, meaning, needs, Optional.of(values));
  }

  /** Where it is tuned if a preset is such; empty where it would have no effect, too. */
  public Optional<SearchSpace> spaceOf(Settings preset) {
    return space.filter(its -> its.isSearched(preset) && hasEffect(preset));
  }

  /** The same with one condition more. */
  Option and(Condition condition) {
    List<Condition> all = new java.util.ArrayList<>(needs);
    all.add(condition);
    return with(all.toArray(Condition[]::new));
  }

  /** What its name begins with, up to the dot. */
  public String section() {
    return key.substring(0, key.indexOf('.'));
  }

  /** Whether it has an effect with these settings. */
  boolean hasEffect(Settings settings) {
    return needs.stream().allMatch(condition -> condition.holds(settings));
  }

  /** What values it takes, for people: {@code "1 to 65536"}, {@code "drop | accumulate"}. */
  public String range() {
    String numbers =
        plain(minimum) + (maximum == Double.MAX_VALUE ? " or more" : " to " + plain(maximum));
    return switch (kind) {
      case WORD -> String.join(" | ", words);
      case TEXT -> words.isEmpty() ? "text" : String.join(" | ", words) + " | text";
      case INTEGER, NUMBER ->
          words.isEmpty() ? numbers : String.join(" | ", words) + " | " + numbers;
    };
  }

  static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  /**
   * Checks a value.
   *
   * @return it in its normal form
   * @throws UserError naming key, value and range
   */
  String check(String text) {
    String value = text.strip();
    if (words.contains(value.toLowerCase(Locale.ROOT))) {
      return value.toLowerCase(Locale.ROOT);
    }
    if (kind == Kind.TEXT) {
      return value;
    }
    if (kind == Kind.WORD) {
      throw new UserError(
          key + "=" + value + ": expected " + range() + Nearest.hint(value, Set.copyOf(words)));
    }
    if (kind == Kind.NUMBER && value.endsWith("%")) {
      value = ofPercent(value);
    }
    double number;
    try {
      number = kind == Kind.INTEGER ? Long.parseLong(value) : Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new UserError(
          key
              + "="
              + value
              + ": expected a "
              + (kind == Kind.INTEGER ? "whole number, " : "number, ")
              + range(),
          e);
    }
    if (!(number >= minimum && number <= maximum)) {
      throw new UserError(key + "=" + value + ": expected " + range());
    }
    return value;
  }

  /** {@code 5%} as {@code 0.05}; anything that is no percentage as it is. */
  private static String ofPercent(String value) {
    try {
      BigDecimal percent = new BigDecimal(value.substring(0, value.length() - 1).strip());
      return percent.movePointLeft(2).stripTrailingZeros().toPlainString();
    } catch (NumberFormatException e) {
      return value;
    }
  }
}
