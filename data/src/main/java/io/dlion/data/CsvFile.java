package io.dlion.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table in a text file: its delimiter, column names, and rows.
 *
 * @param path the file
 * @param delimiter between fields
 * @param hasHeader whether the first line names the columns: where none of its fields is a number
 * @param names of the columns; numbers from 1 where there is no header
 * @param hasRowNumbers whether the first field of a row is a row number: where the header has one
 *     name fewer than the rows have fields (as R's {@code write.table} does), or an empty first
 *     name (as pandas does)
 */
record CsvFile(
    Path path, char delimiter, boolean hasHeader, List<String> names, boolean hasRowNumbers) {
  private static final String ROW_NUMBER = "row number";

  /** What is done with a row. */
  interface Row {
    void accept(long line, List<String> fields);
  }

  static CsvFile open(Path path, char delimiter) {
    List<List<String>> firstTwo = firstTwo(path, delimiter);
    if (firstTwo.isEmpty()) {
      throw new UserError(path + ": expected a table, found an empty file");
    }
    List<String> first = firstTwo.getFirst();
    boolean hasHeader = first.stream().allMatch(f -> Numbers.parse(f).isEmpty());
    if (!hasHeader) {
      List<String> numbers = new ArrayList<>();
      for (int i = 1; i <= first.size(); i++) {
        numbers.add(Integer.toString(i));
      }
      return new CsvFile(path, delimiter, false, List.copyOf(numbers), false);
    }
    List<String> names = new ArrayList<>(first);
    boolean oneFewer = firstTwo.size() > 1 && firstTwo.get(1).size() == first.size() + 1;
    boolean nameless = first.getFirst().isEmpty() && first.size() > 1;
    if (oneFewer) {
      names.addFirst(ROW_NUMBER);
    } else if (nameless) {
      names.set(0, ROW_NUMBER);
    }
    return new CsvFile(path, delimiter, true, List.copyOf(names), oneFewer || nameless);
  }

  TableLayout layout() {
    return new TableLayout(delimiter, '.', hasHeader);
  }

  private static List<List<String>> firstTwo(Path path, char delimiter) {
    try (CsvReader<CsvRecord> reader = reader(path, delimiter)) {
      return reader.stream().limit(2).map(r -> trimmed(r.getFields())).toList();
    } catch (IOException | UncheckedIOException | CsvParseException e) {
      throw unreadable(path, e);
    }
  }

  /** Calls for every row after the header; fails where one has another number of fields. */
  void forEach(Row action) {
    try (CsvReader<CsvRecord> reader = reader(path, delimiter)) {
      boolean header = hasHeader;
      for (CsvRecord record : reader) {
        if (!header) {
          requireWidth(record);
          action.accept(record.getStartingLineNumber(), trimmed(record.getFields()));
        }
        header = false;
      }
    } catch (IOException | UncheckedIOException | CsvParseException e) {
      throw unreadable(path, e);
    }
  }

  private void requireWidth(CsvRecord record) {
    if (record.getFieldCount() != names.size()) {
      throw new UserError(
          Phrase.of(
              "%s:%d: expected %d fields as in the first row, found %d",
              path, record.getStartingLineNumber(), names.size(), record.getFieldCount()));
    }
  }

  /** An error at a place in this file. */
  UserError error(long line, int column, String problem) {
    return new UserError(
        Phrase.of("%s:%d: column '%s': %s", path, line, names.get(column), problem));
  }

  private static List<String> trimmed(List<String> fields) {
    return fields.stream().map(String::strip).toList();
  }

  private static CsvReader<CsvRecord> reader(Path path, char delimiter) throws IOException {
    BufferedReader text = Files.newBufferedReader(path);
    text.mark(1);
    if (text.read() != '\uFEFF') {
      text.reset();
    }
    return CsvReader.builder()
        .fieldSeparator(delimiter)
        .skipEmptyLines(true)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .ofCsvRecord(text);
  }

  private static RuntimeException unreadable(Path path, Exception e) {
    Throwable root = e;
    for (Throwable t = e; t != null; t = t.getCause()) {
      root = t;
    }
    if (root instanceof CharacterCodingException) {
      return new UserError(
          path + ": expected text in UTF-8, found bytes that are none; convert it to UTF-8", e);
    }
    if (root instanceof IOException io) {
      return new UncheckedIOException(io);
    }
    return new UserError(
        Phrase.of(
            "%s: cannot be read as a table: %s",
            path, Optional.ofNullable(root.getMessage()).orElse("damaged")),
        e);
  }
}
