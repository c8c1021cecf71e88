package io.dlion.data.csv;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.dlion.data.file.ComposedNames;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A single row of a table that comes without a file. */
public final class CsvLine {
  private CsvLine() {}

  /**
   * Its fields, as those of a row in a file.
   *
   * @param line one row, with or without a line end
   * @param delimiter between fields; a space: any run of spaces and tabs
   * @throws IllegalArgumentException with the problem, where it is not one whole row
   */
  public static List<String> fields(String line, char delimiter) {
    return line.indexOf('"') < 0 ? plain(line.strip(), line, delimiter) : quoted(line, delimiter);
  }

  private static List<String> plain(String stripped, String line, char delimiter) {
    if (stripped.indexOf('\n') >= 0 || stripped.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("expected one row, found several lines");
    }
    if (delimiter == ' ') {
      return List.of(stripped.split("[ \t]+", -1));
    }
    // Tabs at the ends may be delimiters.
    String text = delimiter == '\t' ? withoutLineEnd(line) : stripped;
    List<String> fields = new ArrayList<>();
    int from = 0;
    for (int to = text.indexOf(delimiter); to >= 0; to = text.indexOf(delimiter, from)) {
      fields.add(ComposedNames.composed(text.substring(from, to).strip()));
      from = to + 1;
    }
    fields.add(ComposedNames.composed(text.substring(from).strip()));
    return fields;
  }

  private static String withoutLineEnd(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
      end--;
    }
    return line.substring(0, end);
  }

  private static List<String> quoted(String line, char delimiter) {
    try (CsvReader<CsvRecord> reader = TableRows.reader(new StringReader(line), delimiter, false)) {
      Iterator<CsvRecord> rows = reader.iterator();
      if (!rows.hasNext()) {
        throw new IllegalArgumentException("expected a row, found none");
      }
      List<String> fields = rows.next().getFields();
      if (rows.hasNext()) {
        throw new IllegalArgumentException("expected one row, found several");
      }
      return fields;
    } catch (CsvParseException e) {
      throw new IllegalArgumentException("a quote that does not open or close a field", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
