package io.dlion.data.csv;

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
    return Delimiters.name(delimiter);
  }

  /** The decimal mark's name, as {@code --decimal} takes it. */
  public String decimalName() {
    return decimalName(decimal);
  }

  /** The name of a decimal mark. */
  public static String decimalName(char decimal) {
    return decimal == ',' ? "comma" : "point";
  }

  @Override
  public String toString() {
    return Phrase.of(
        "delimiter %s, decimal %s, %s",
        delimiterName(), decimalName(), header ? "header" : "no header");
  }
}
