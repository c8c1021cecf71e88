package io.dlion.data.csv;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.FieldModifier;
import de.siegmar.fastcsv.reader.FieldModifiers;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.field.FieldType;
import io.dlion.data.field.Numerals;
import io.dlion.data.file.ComposedNames;
import io.dlion.data.file.Encoding;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rows of a table in a text file, split into fields without the blanks around them; rows in
 * which nothing stands are passed over.
 *
 * @param path the file
 * @param delimiter between fields; a space: any run of spaces and tabs
 * @param skippedLines before the first row
 */
public record TableRows(Path path, char delimiter, int skippedLines) {
  private static final int COLUMNS_MAX = 1 << 20;
  private static final int SENTENCE_PARTS_MAX = 4;
  private static final Pattern LINE = Pattern.compile("started in line (\\d+)");

  /**
   * A row.
   *
   * @param line where it begins, counted from 1
   * @param fields without blanks around them
   */
  public record Row(long line, List<String> fields) {}

  /** What is done with a row. */
  interface Use {
    void accept(Row row);
  }

  /**
   * Calls for every row of the file.
   *
   * @throws UserError where the file is no table, with the line
   */
  void forEach(Use use) {
    try (Reader text = Encoding.open(path);
        CsvReader<CsvRecord> reader = reader(text, false)) {
      for (CsvRecord record : reader) {
        Row row = new Row(record.getStartingLineNumber(), record.getFields());
        if (!isBlank(row)) {
          use.accept(row);
        }
      }
    } catch (IOException | UncheckedIOException | CsvParseException e) {
      throw unreadable(e);
    }
  }

  /** The rows in the beginning of the file, as far as they can be parted. */
  public List<Row> rows(String beginning, int atMost) {
    List<Row> rows = new ArrayList<>();
    try (CsvReader<CsvRecord> reader = reader(new StringReader(beginning), true)) {
      for (CsvRecord record : reader) {
        Row row = new Row(record.getStartingLineNumber(), record.getFields());
        if (!isBlank(row)) {
          rows.add(row);
        }
        if (rows.size() == atMost) {
          break;
        }
      }
    } catch (CsvParseException e) {
      return rows; // The file's reader tells what is wrong, with the line.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private CsvReader<CsvRecord> reader(Reader text, boolean lenient) {
    CsvReader<CsvRecord> reader = reader(text, delimiter, lenient);
    reader.skipLines(skippedLines);
    return reader;
  }

  static CsvReader<CsvRecord> reader(Reader text, char delimiter, boolean lenient) {
    return CsvReader.builder()
        .fieldSeparator(delimiter)
        .skipEmptyLines(true)
        .allowUnclosedQuote(lenient)
        .trimWhitespacesAroundQuotes(true)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .build(
            CsvRecordHandler.builder()
                .maxFields(COLUMNS_MAX)
                .fieldModifier(
                    FieldModifiers.STRIP.andThen(FieldModifier.modify(ComposedNames::composed)))
                .build(),
            delimiter == ' ' ? new AlignedReader(text) : text);
  }

  private static boolean isBlank(Row row) {
    return row.fields.stream().allMatch(String::isEmpty);
  }

  private RuntimeException unreadable(Exception e) {
    Throwable root = e;
    for (Throwable t = e; t != null; t = t.getCause()) {
      root = t;
    }
    if (root instanceof CharacterCodingException) {
      return Encoding.malformed(path, e);
    }
    if (root instanceof IOException io) {
      return new UncheckedIOException(io);
    }
    String problem = Optional.ofNullable(root.getMessage()).orElse("damaged");
    Matcher line = LINE.matcher(String.valueOf(e.getMessage()));
    String place = line.find() ? path + ":" + line.group(1) : path.toString();
    return new UserError(place + ": " + explained(problem), e);
  }

  private static String explained(String problem) {
    if (problem.contains("Unclosed quote")) {
      return "a quote opens in this row and never closes; remove it, or close it";
    }
    if (problem.contains("after closing quote")) {
      return Phrase.of(
          "a quote opens in this row, and where it closes no field ends (%s); remove it, or write quotes within a field twice",
          problem);
    }
    return "cannot be read as a table: " + problem;
  }

  /** An error where a field in quotes holds lines that look like rows of the table. */
  void requireNoRowsWithin(Row row, int width) {
    for (String field : row.fields) {
      if (width > 1
          && (field.indexOf('\n') >= 0 || field.indexOf('\r') >= 0)
          && field.lines().anyMatch(line -> isLikeARow(line, width))) {
        throw new UserError(
            Phrase.of(
                "%s:%d: a quote opens in this row and closes only after %d more lines, which look like rows themselves; remove it, or close it",
                path, row.line, field.lines().count() - 1));
      }
    }
  }

  /** Sentences have commas too, but seldom numbers between them. */
  private boolean isLikeARow(String line, int width) {
    List<String> fields = List.of(line.split(Pattern.quote(Character.toString(delimiter)), -1));
    return fields.size() == width
        && (width > SENTENCE_PARTS_MAX
            || fields.stream()
                .anyMatch(f -> FieldType.of(f.strip(), Numerals.POINT) == FieldType.NUMBER));
  }
}
