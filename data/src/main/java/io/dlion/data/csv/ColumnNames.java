package io.dlion.data.csv;

import io.dlion.data.csv.TableRows.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The names of a table's columns.
 *
 * @param names from the header; numbers from 1 where there is none
 * @param rowNumbers whether the first field of a row only numbers the row: where the header has one
 *     name fewer than the rows have fields (as R's {@code write.table} does), or an empty first
 *     name (as pandas does)
 * @param dropped last columns that are empty and without a name
 */
public record ColumnNames(List<String> names, boolean rowNumbers, int dropped) {
  private static final String ROW_NUMBER = "row number";

  /** Copies the names. */
  public ColumnNames {
    names = List.copyOf(names);
  }

  /** Of a table without a header. */
  public static ColumnNames numbered(List<Row> rows, int width) {
    int used = used(rows, width);
    List<String> names = IntStream.rangeClosed(1, used).mapToObj(Integer::toString).toList();
    return new ColumnNames(names, false, width - used);
  }

  /**
   * Of a table with a header.
   *
   * @param rows the first ones below it
   * @param width the number of fields that most of them have
   */
  public static ColumnNames of(List<String> header, List<Row> rows, int width) {
    if (isOneFewer(header, rows, width)) {
      List<String> names = new ArrayList<>(header.subList(0, named(header)));
      names.addFirst(ROW_NUMBER);
      return new ColumnNames(names, true, width - names.size());
    }
    int used = Math.max(named(header), Math.min(used(rows, width), header.size()));
    List<String> names = new ArrayList<>(header.subList(0, used));
    boolean rowNumbers = names.getFirst().isEmpty();
    if (rowNumbers) {
      names.set(0, ROW_NUMBER);
    }
    for (int c = 0; c < names.size(); c++) {
      names.set(c, names.get(c).isEmpty() ? Integer.toString(c + 1) : names.get(c));
    }
    return new ColumnNames(names, rowNumbers, Math.max(header.size(), width) - used);
  }

  /**
   * Whether a first row has one field fewer than those below it, so that it can only be a header.
   */
  public static boolean isOneFewer(List<String> header, List<Row> rows, int width) {
    return header.size() != width
        && !header.getFirst().isEmpty()
        && named(header) + 1 == used(rows, width);
  }

  /** The number of columns up to the last in which something stands. */
  public static int used(List<Row> rows, int width) {
    int used = width;
    while (used > 1 && isEmpty(rows, used - 1)) {
      used--;
    }
    return rows.isEmpty() ? width : used;
  }

  private static boolean isEmpty(List<Row> rows, int column) {
    return rows.stream()
        .allMatch(row -> row.fields().size() <= column || row.fields().get(column).isEmpty());
  }

  /** The number of names up to the last that is not empty. */
  private static int named(List<String> header) {
    int named = header.size();
    while (named > 1 && header.get(named - 1).isEmpty()) {
      named--;
    }
    return named;
  }
}
