package io.dlion.data.schema;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.csv.CsvFile;
import java.util.ArrayList;
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

  /** Number of the sequence that each row belongs to; empty where no column tells them apart. */
  final int[] sequences;

  /** Row with which each file begins. */
  final List<Integer> fileStarts = new ArrayList<>();

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
    this(place, rows, width, false);
  }

  private Table(String place, long rows, int width, boolean ofSequences) {
    if (rows * width > Math.min(VALUES_MAX, Runtime.getRuntime().maxMemory() / 16)) {
      throw new UserError(
          Phrase.of(
              "%s: %,d rows of %,d numbers are more than this process can hold; use fewer, or a"
                  + " larger -Xmx",
              place, rows, width));
    }
    this.features = new double[(int) rows * width];
    this.labels = new double[(int) rows];
    this.sequences = new int[ofSequences ? (int) rows : 0];
    this.width = width;
    this.place = place;
  }

  /** Number of rows. */
  public int rows() {
    return labels.length;
  }

  /**
   * Which rows are one example, where an example is a time series.
   *
   * @param window rows of one; 0: by the column that tells sequences apart
   * @throws UserError where a window has more rows than there are
   */
  public Grouping grouping(int window) {
    return Grouping.of(this, window);
  }

  /** Reads files, which have {@code rows} in all, as a schema says. */
  public static Table read(List<CsvFile> files, CsvSchema schema, long rows) {
    boolean ofSequences = schema.sequenceName().isPresent();
    Table table =
        new Table(files.getFirst().path().toString(), rows, schema.features(), ofSequences);
    int[] next = {0};
    int sequences = 0;
    for (CsvFile file : files) {
      table.fileStarts.add(next[0]);
      int[] places = schema.places(file);
      SequenceNumbers numbers = new SequenceNumbers(file, schema, places, sequences);
      file.forEach((line, fields) -> {
        int row = next[0]++;
        table.fill(row, file, line, fields, schema, places);
        if (ofSequences) {
          table.sequences[row] = numbers.of(line, fields, table.labels[row]);
        }
      });
      sequences += numbers.count();
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
        case CsvColumn.LeftOut _, CsvColumn.Sequence _ -> {}
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
