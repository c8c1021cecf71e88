package io.dlion.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;

/** Numbers in tables. */
final class Numbers {
  private Numbers() {}

  /** A finite decimal number; empty for anything else, NaN and hexadecimal among it. */
  static OptionalDouble parse(String text) {
    if (text.isEmpty() || !isPlain(text)) {
      return OptionalDouble.empty();
    }
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /** Keeps out what only Java takes for a number, such as 0x1p3, 1d and NaN, and is fast. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
        return false;
      }
    }
    return true;
  }

  /** How a class that is a number is called: 1 for 1, 1.0 and 01. */
  static String canonical(double value) {
    return isWhole(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** For people: whole numbers as they are, others with six significant digits at most. */
  static String shown(double value) {
    return isWhole(value)
        ? canonical(value)
        : new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros().toString();
  }

  static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15;
  }
}
