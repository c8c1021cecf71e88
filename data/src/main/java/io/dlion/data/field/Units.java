package io.dlion.data.field;

/** A percent or currency sign before or after a number. */
public final class Units {
  private Units() {}

  /** The sign that a text begins or ends with; empty where there is none. */
  public static String of(String text) {
    if (text.length() < 2) {
      return "";
    }
    char first = text.charAt(0);
    char last = text.charAt(text.length() - 1);
    return isUnit(last)
        ? Character.toString(last)
        : isUnit(first) ? Character.toString(first) : afterSign(text);
  }

  /** As in -$5. */
  private static String afterSign(String text) {
    char first = text.charAt(0);
    return (first == '-' || first == '+') && isUnit(text.charAt(1))
        ? Character.toString(text.charAt(1))
        : "";
  }

  private static boolean isUnit(char c) {
    return c == '%' || c == '\u2030' || Character.getType(c) == Character.CURRENCY_SYMBOL;
  }

  /** The text without it. */
  public static String without(String text, String unit) {
    int at = unit.isEmpty() ? -1 : text.indexOf(unit);
    return at < 0 ? text : strip(text.substring(0, at) + text.substring(at + unit.length()));
  }

  /** French puts a space that does not break before a percent sign. */
  private static String strip(String text) {
    return text.replace('\u00a0', ' ')
        .replace('\u202f', ' ')
        .strip()
        .replaceFirst("^([-+]) +", "$1");
  }
}
