package io.dlion.data.csv;

import io.dlion.data.csv.TableRows.Row;
import io.dlion.data.field.Missing;
import io.dlion.data.field.Numerals;
import io.dlion.data.field.Units;
import java.util.List;

/**
 * Tells a table from prose that happens to have as many commas in each line: a table has a column
 * of numbers, and no column of sentences.
 *
 * @param rows the first ones
 * @param width how many fields most of them have
 */
public record NumberColumns(List<Row> rows, int width) {
  private static final double MOST = 0.9;
  private static final int WORDS_LENGTH_MAX = 60;

  /** Whether below the first row a column holds numbers, and none holds long texts. */
  public boolean areThere() {
    List<Row> below = rows.stream().skip(1).filter(row -> row.fields().size() >= width).toList();
    boolean numbers = false;
    for (int c = 0; c < width; c++) {
      int column = c;
      List<String> fields = below.stream().map(row -> row.fields().get(column)).toList();
      numbers |= areNumbers(fields);
      if (fields.stream().mapToInt(String::length).average().orElse(0) > WORDS_LENGTH_MAX) {
        return false;
      }
    }
    return numbers;
  }

  private static boolean areNumbers(List<String> fields) {
    List<String> present = fields.stream().filter(f -> !Missing.is(f)).toList();
    long numbers = present.stream().filter(NumberColumns::isNumber).count();
    return numbers > 0 && numbers >= MOST * present.size();
  }

  private static boolean isNumber(String field) {
    String text = Units.without(field, Units.of(field));
    return Numerals.POINT.parse(text).isPresent() || Numerals.COMMA.parse(text).isPresent();
  }
}
