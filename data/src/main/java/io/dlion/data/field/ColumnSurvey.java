package io.dlion.data.field;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the values of one column of a table have in common. Filled by one thread. */
public final class ColumnSurvey {
  /** More different values than this are only counted as many. */
  public static final int DISTINCT_MAX = 256;

  private static final Pattern DATE_OR_TIME =
      Pattern.compile(
          "(\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}"
              + "|\\d{1,2}[- ]\\p{L}{3,9}\\.?[- ]\\d{2,4}|\\p{L}{3,9}\\.? \\d{1,2},? \\d{4})"
              + "([ T]\\d{1,2}:\\d{2}.*)?"
              + "|\\d{1,2}:\\d{2}(:\\d{2}([.,]\\d+)?)?( ?[AaPp][Mm])?");
  private static final int DATE_LENGTH_MIN = 4;
  private static final int DATE_LENGTH_MAX = 40;

  private final Numerals numerals;
  private final int distinctMax;
  private final Set<String> distinct = new HashSet<>();
  private final Set<String> units = new TreeSet<>();
  private long rows;
  private long missing;
  private long numbers;
  private long wholeNumbers;
  private long dates;
  private long numbersOtherwise;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private double last;
  private boolean consecutive = true;

  /**
   * A survey of no values yet.
   *
   * @param distinctMax different values that are kept
   */
  public ColumnSurvey(Numerals numerals, int distinctMax) {
    this.numerals = numerals;
    this.distinctMax = distinctMax;
  }

  /** Takes in one value of the column. */
  public void add(String value) {
    rows++;
    missing += Missing.is(value) ? 1 : 0;
    String unit = Units.of(value);
    OptionalDouble number = numerals.parse(unit.isEmpty() ? value : Units.without(value, unit));
    if (number.isPresent()) {
      units.add(unit);
      add(number.getAsDouble());
    } else {
      consecutive = false;
      dates += isDateOrTime(value) ? 1 : 0;
      numbersOtherwise += numerals.other().parse(Units.without(value, unit)).isPresent() ? 1 : 0;
    }
    if (distinct.size() <= distinctMax) {
      boolean plain = number.isPresent() && unit.isEmpty();
      distinct.add(plain ? TableNumbers.canonical(number.getAsDouble()) : value);
    }
  }

  private void add(double number) {
    consecutive &= numbers == 0 || number == last + 1;
    last = number;
    numbers++;
    wholeNumbers += TableNumbers.isWhole(number) ? 1 : 0;
    least = Math.min(least, number);
    most = Math.max(most, number);
  }

  /** Whether a value is a date or a time of day. */
  public static boolean isDateOrTime(String value) {
    return value.length() >= DATE_LENGTH_MIN
        && value.length() <= DATE_LENGTH_MAX
        && DATE_OR_TIME.matcher(value).matches();
  }

  /** Whether nothing stands in it. */
  public boolean isEmpty() {
    return missing == rows;
  }

  /** Whether most values are numbers; the others are then mistakes. */
  public boolean isNumeric() {
    return 2 * numbers > rows - missing;
  }

  /** Whether most values are numbers with the other decimal mark alone. */
  public boolean isNumericOtherwise() {
    return 2 * numbersOtherwise > rows - missing;
  }

  /** Whether all numbers are whole. */
  public boolean isWhole() {
    return numbers == wholeNumbers;
  }

  /** Whether each number is one more than the one before it. */
  public boolean isConsecutive() {
    return consecutive && isWhole();
  }

  /** Percent and currency signs of the numbers; the empty text for numbers without one. */
  public List<String> units() {
    return List.copyOf(units);
  }

  /** Whether most values are dates or times of day. */
  public boolean isDateOrTime() {
    return dates > 0 && 2 * dates > rows - missing;
  }

  /** From the least to the greatest number, for people; empty where there is none. */
  public String range() {
    return least > most
        ? ""
        : least == most
            ? TableNumbers.shown(least)
            : TableNumbers.shown(least) + " to " + TableNumbers.shown(most);
  }

  /** How many different values there are, or one more than are kept. */
  public int distinctCount() {
    return distinct.size();
  }

  /** The different values, numbers by size, words by the alphabet; mistakes not among them. */
  public List<String> values() {
    return isNumeric() && units().equals(List.of(""))
        ? distinct.stream()
            .filter(v -> Numerals.POINT.parse(v).isPresent())
            .sorted(Comparator.comparingDouble(Double::parseDouble))
            .toList()
        : distinct.stream().filter(v -> !v.isEmpty()).sorted().toList();
  }
}
