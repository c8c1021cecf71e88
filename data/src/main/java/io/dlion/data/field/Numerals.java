package io.dlion.data.field;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a table writes its numbers: with a decimal point or a decimal comma. Digits may stand in
 * groups of three, parted by the other of the two, a space or an apostrophe: {@code 1,234.5},
 * {@code 1.234,5}, {@code 1 234,5}. Does not depend on the machine's locale.
 */
public enum Numerals {
  /** 1234.5. */
  POINT('.', ","),
  /** 1234,5. */
  COMMA(',', ".");

  private final char decimal;
  private final Pattern grouped;

  Numerals(char decimal, String other) {
    this.decimal = decimal;
    this.grouped =
        Pattern.compile(
            "([+\\-\u2212]?)([1-9]\\d{0,2})(["
                + other
                + " \u00a0\u202f'\u2019])(\\d{3}(?:\\3\\d{3})*)(?:["
                + decimal
                + "](\\d*))?");
  }

  /** The notation with this decimal mark. */
  public static Numerals of(char decimal) {
    return decimal == ',' ? COMMA : POINT;
  }

  /** The decimal mark. */
  public char decimal() {
    return decimal;
  }

  /** With the other decimal mark. */
  public Numerals other() {
    return this == POINT ? COMMA : POINT;
  }

  /** A finite decimal number; empty for anything else, NaN and hexadecimal among it. */
  public OptionalDouble parse(String text) {
    if (text.isEmpty() || !begins(text.charAt(0))) {
      return OptionalDouble.empty();
    }
    return isPlain(text) ? finite(decimal == '.' ? text : text.replace(',', '.')) : ungrouped(text);
  }

  private boolean begins(char c) {
    return (c >= '0' && c <= '9') || c == decimal || c == '-' || c == '+' || c == '\u2212';
  }

  /** Keeps out what only Java takes for a number, such as 0x1p3, 1d and NaN, and is fast. */
  private boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != decimal && c != '-' && c != '+' && c != 'e' && c != 'E') {
        return false;
      }
    }
    return true;
  }

  private OptionalDouble ungrouped(String text) {
    if (text.charAt(0) == '\u2212' && isPlain(text.substring(1))) {
      return parse("-" + text.substring(1));
    }
    Matcher m = grouped.matcher(text);
    if (!m.matches()) {
      return OptionalDouble.empty();
    }
    String sign = m.group(1).equals("\u2212") ? "-" : m.group(1);
    String fraction = m.group(5) == null ? "" : m.group(5);
    String digits = m.group(2) + m.group(4).replace(m.group(3), "");
    return finite(sign + digits + "." + fraction);
  }

  private static OptionalDouble finite(String text) {
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }
}
