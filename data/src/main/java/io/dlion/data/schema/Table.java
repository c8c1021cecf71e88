package io.dlion.data.schema;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.csv.CsvFile;
import java.util.List;

/**
 * Rows of numbers with a label each, before they are standardised: what the readers of tables make.
 * Filled once, by one thread.
 */
public final class Table {
  private static final long VALUES_MAX = 1L << 30;

  /** Row by row. */
  public final double[] features;

  /** A class number or the number to predict. */
  public final double[] labels;

  /** Features of a row. */
  public final int width;

  /** Names the source in an error. */
  public final String place;

  /**
   * An empty table with room for so many rows.
   *
   * @param place names the source in an error
   */
  public Table(String place, long rows, int width) {
    if (rows * width > Math.min(VALUES_MAX, Runtime.getRuntime().maxMemory() / 16)) {
      throw new UserError(
          Phrase.of(
              "%s: %,d rows of %,d numbers are more than this process can hold; use fewer, or a larger -Xmx",
              place, rows, width));
    }
    this.features = new double[(int) rows * width];
    this.labels = new double[(int) rows];
    this.width = width;
    this.place = place;
  }

  /** Number of rows. */
  public int rows() {
    return labels.length;
  }

  /** Reads files, which have {@code rows} in all, as a schema says. */
  public static Table read(List<CsvFile> files, CsvSchema schema, long rows) {
    Table table = new Table(files.getFirst().path().toString(), rows, schema.features());
    int[] next = {0};
    for (CsvFile file : files) {
      int[] places = schema.places(file);
      file.forEach((line, fields) -> table.fill(next[0]++, file, line, fields, schema, places));
    }
    return table;
  }

  private void fill(
      int row, CsvFile file, long line, List<String> fields, CsvSchema schema, int[] places) {
    int at = row * width;
    for (int c = 0; c < places.length; c++) {
      int place = places[c];
      CsvColumn column = schema.columns().get(c);
      boolean label = c == schema.label();
      switch (column) {
        case CsvColumn.LeftOut _ -> {}
        case CsvColumn.Numeric number -> {
          double value = number.value(file, line, place, fields.get(place));
          if (label) {
            labels[row] = value;
          } else {
            features[at] = value;
          }
        }
        case CsvColumn.Category category -> {
          int index = category.index(file, line, place, fields.get(place));
          if (label) {
            labels[row] = index;
          } else {
            features[at + index] = 1;
          }
        }
      }
      at += label ? 0 : column.width();
    }
  }
}
