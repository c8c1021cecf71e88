package io.dlion.data;

import io.dlion.core.Phrase;

/**
 * How a table is written down in a text file.
 *
 * @param delimiter between fields
 * @param decimal the decimal mark
 * @param header whether a line names the columns
 */
public record TableLayout(char delimiter, char decimal, boolean header) {
  /** The delimiter's name, as {@code --delimiter} takes it. */
  public String delimiterName() {
    return name(delimiter);
  }

  static String name(char delimiter) {
    return switch (delimiter) {
      case ',' -> "comma";
      case ';' -> "semicolon";
      case '\t' -> "tab";
      case '|' -> "pipe";
      case ' ' -> "space";
      default -> Character.toString(delimiter);
    };
  }

  /** The decimal mark's name, as {@code --decimal} takes it. */
  public String decimalName() {
    return decimalName(decimal);
  }

  static String decimalName(char decimal) {
    return decimal == ',' ? "comma" : "point";
  }

  @Override
  public String toString() {
    return Phrase.of(
        "delimiter %s, decimal %s, %s",
        delimiterName(), decimalName(), header ? "header" : "no header");
  }
}
