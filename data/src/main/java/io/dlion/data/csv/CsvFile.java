package io.dlion.data.csv;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.csv.TableRows.Row;
import io.dlion.data.field.Numerals;
import io.dlion.data.file.LeftOut;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A table in a text file, recognised: how it is written, the names of its columns, and its rows.
 *
 * @param rows all rows, the header among them
 * @param numerals how numbers are written
 * @param hasHeader whether names stand in the file, else they are numbers from 1
 * @param headerIsRow whether the names are the first row; else they stand in a comment
 * @param names of the columns
 * @param hasRowNumbers whether the first field of a row only numbers the row: where the header has
 *     one name fewer than the rows have fields (as R's {@code write.table} does), or an empty first
 *     name (as pandas does)
 * @param leftOut what lies in the file beside these columns
 */
public record CsvFile(
    TableRows rows,
    Numerals numerals,
    boolean hasHeader,
    boolean headerIsRow,
    List<String> names,
    boolean hasRowNumbers,
    List<LeftOut> leftOut) {
  /** Copies the lists. */
  public CsvFile {
    names = List.copyOf(names);
    leftOut = List.copyOf(leftOut);
  }

  /** What is done with a row. */
  public interface Use {
    void accept(long line, List<String> fields);
  }

  /** The file. */
  public Path path() {
    return rows.path();
  }

  /** How it is written, for people. */
  public TableLayout layout() {
    return new TableLayout(rows.delimiter(), numerals.decimal(), hasHeader);
  }

  /** Calls for every row after the header; fails where one has another number of fields. */
  public void forEach(Use use) {
    forEachRow(row -> use.accept(row.line(), fields(row)));
  }

  /** Calls for every row after the header with the fields it has, be they too few or too many. */
  public void forEachRow(Consumer<Row> use) {
    boolean[] header = {headerIsRow};
    rows.forEach(row -> {
      if (!header[0]) {
        use.accept(row);
      }
      header[0] = false;
    });
  }

  /** The fields of all columns; more are no mistake where nothing stands in them. */
  public List<String> fields(Row row) {
    List<String> fields = row.fields();
    int width = names.size();
    rows.requireNoRowsWithin(row, width);
    if (fields.size() == width) {
      return fields;
    }
    if (fields.size() > width
        && fields.subList(width, fields.size()).stream().allMatch(String::isEmpty)) {
      return fields.subList(0, width);
    }
    throw new UserError(
        Phrase.of(
            "%s:%d: expected %d fields%s, found %d; delimiter %s",
            path(),
            row.line(),
            width,
            hasHeader ? " as the header has names" : " as most rows have",
            fields.size(),
            layout().delimiterName()));
  }

  /** An error at a place in this file. */
  public UserError error(long line, int column, String problem) {
    return new UserError(
        Phrase.of("%s:%d: column '%s': %s", path(), line, names.get(column), problem));
  }
}
