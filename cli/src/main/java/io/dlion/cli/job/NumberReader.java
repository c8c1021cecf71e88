package io.dlion.cli.job;

import io.dlion.core.UserError;
import java.time.Duration;
import java.util.regex.Pattern;

/** Reads numbers and durations as people write them, and says what was expected where not. */
final class NumberReader {
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,19}");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d{1,30}\\.?\\d{0,30}|\\.\\d{1,30})([eE][+-]?\\d{1,3})?");

  private NumberReader() {}

  static int whole(Item item, int minimum, int maximum) {
    String atLeast = "a whole number of at least " + minimum;
    long number = longOf(item, atLeast);
    if (number < minimum) {
      throw item.place().expected(atLeast, item.text());
    }
    if (number > maximum) {
      throw item.place().expected("a whole number of at most " + maximum, item.text());
    }
    return (int) number;
  }

  static long whole(Item item) {
    return longOf(item, "a whole number");
  }

  private static long longOf(Item item, String expected) {
    if (!WHOLE.matcher(item.text()).matches()) {
      throw item.place().expected(expected, item.text());
    }
    try {
      return Long.parseLong(item.text());
    } catch (NumberFormatException tooLarge) {
      throw new UserError(
          item.place() + ": " + item.text() + " is too large for a 64-bit number", tooLarge);
    }
  }

  /** A number above 0, at most {@code maximum}. */
  static double positive(Item item, double maximum, String expected) {
    double number = decimal(item, expected);
    if (!(number > 0 && number <= maximum)) {
      throw item.place().expected(expected, item.text());
    }
    return number;
  }

  /** A number of at least {@code minimum}. */
  static double atLeast(Item item, double minimum, String expected) {
    double number = decimal(item, expected);
    if (!(number >= minimum && number < Double.POSITIVE_INFINITY)) {
      throw item.place().expected(expected, item.text());
    }
    return number;
  }

  private static double decimal(Item item, String expected) {
    if (!DECIMAL.matcher(item.text()).matches()) {
      throw item.place().expected(expected, item.text());
    }
    return Double.parseDouble(item.text());
  }

  static Duration duration(Item item) {
    return Durations.parse(item.text())
        .filter(Duration::isPositive)
        .orElseThrow(() -> item.place().expected(Durations.EXPECTED, item.text()));
  }

  /** The shortest text of a number that reads as the same number: 8, not 8.0. */
  static String text(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
