package io.dlion.data;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/** What the values of one column of a table have in common. Filled by one thread. */
final class ColumnSurvey {
  /** More different values than this are only counted as many. */
  static final int DISTINCT_MAX = 256;

  private static final Pattern DATE_OR_TIME =
      Pattern.compile(
          "(\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4})([ T]\\d{1,2}:\\d{2}.*)?"
              + "|\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?");

  private long rows;
  private long numbers;
  private long wholeNumbers;
  private long dates;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private final Set<String> distinct = new HashSet<>();

  void add(String value) {
    rows++;
    OptionalDouble number = Numbers.parse(value);
    if (number.isPresent()) {
      numbers++;
      wholeNumbers += Numbers.isWhole(number.getAsDouble()) ? 1 : 0;
      least = Math.min(least, number.getAsDouble());
      most = Math.max(most, number.getAsDouble());
    } else if (!value.isEmpty() && DATE_OR_TIME.matcher(value).matches()) {
      dates++;
    }
    if (distinct.size() <= DISTINCT_MAX) {
      distinct.add(number.isPresent() ? Numbers.canonical(number.getAsDouble()) : value);
    }
  }

  /** Whether most values are numbers; the others are then mistakes. */
  boolean isNumeric() {
    return 2 * numbers > rows;
  }

  /** Whether all numbers are whole. */
  boolean isWhole() {
    return numbers == wholeNumbers;
  }

  /** Whether most values are dates or times of day. */
  boolean isDateOrTime() {
    return 2 * dates > rows;
  }

  /** From the least to the greatest number, for people; empty where there is none. */
  String range() {
    return least > most
        ? ""
        : least == most
            ? Numbers.canonical(least)
            : Numbers.shown(least) + " to " + Numbers.shown(most);
  }

  /** How many different values there are, or {@link #DISTINCT_MAX} + 1 for more. */
  int distinctCount() {
    return distinct.size();
  }

  /** The different values, numbers by size, words by the alphabet; mistakes not among them. */
  List<String> values() {
    return isNumeric()
        ? distinct.stream()
            .filter(v -> Numbers.parse(v).isPresent())
            .sorted(Comparator.comparingDouble(Double::parseDouble))
            .toList()
        : distinct.stream().filter(v -> !v.isEmpty()).sorted().toList();
  }
}
