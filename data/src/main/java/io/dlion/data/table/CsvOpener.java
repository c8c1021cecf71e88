package io.dlion.data.table;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.data.csv.ColumnNames;
import io.dlion.data.csv.CsvFile;
import io.dlion.data.csv.DecimalFinder;
import io.dlion.data.csv.DelimiterFinder;
import io.dlion.data.csv.DelimiterFinder.Candidate;
import io.dlion.data.csv.NumberColumns;
import io.dlion.data.csv.Preamble;
import io.dlion.data.csv.TableRows;
import io.dlion.data.csv.TableRows.Row;
import io.dlion.data.field.Numerals;
import io.dlion.data.file.Encoding;
import io.dlion.data.file.LeftOut;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Recognises how a table is written from the beginning of its file, as far as the options do not
 * say it.
 */
public final class CsvOpener {
  private static final int CHARACTERS = 1 << 17;

  /** Tables of many thousand columns have long lines; some of them must be seen. */
  private static final int LINES_MIN = 10;

  private static final int CHARACTERS_MAX = 1 << 25;

  private final Path path;
  private final DataOptions options;
  private final String beginning;
  private final Preamble preamble;

  private CsvOpener(Path path, DataOptions options) {
    this.path = path;
    this.options = options;
    this.beginning = beginning(path);
    this.preamble = Preamble.of(beginning);
  }

  /**
   * Opens a table.
   *
   * @param expected names that a header is known to have; empty where nothing is known
   */
  static CsvFile open(Path path, DataOptions options, Collection<String> expected) {
    return new CsvOpener(path, options).open(expected);
  }

  /** Whether the beginning of a file looks like a table with numbers. */
  static boolean isTable(Path path, DataOptions options) {
    CsvOpener opener = new CsvOpener(path, options);
    return opener
        .candidate()
        .map(c -> c.isRegular() && new NumberColumns(c.rows(), c.width()).areThere())
        .orElse(false);
  }

  /** Whether nearly all rows in the beginning of a file have the same number of fields. */
  static boolean isRegular(Path path, DataOptions options) {
    return new CsvOpener(path, options).candidate().map(Candidate::isRegular).orElse(false);
  }

  private static String beginning(Path path) {
    try {
      int characters = CHARACTERS;
      String text = Encoding.beginning(path, characters);
      while (text.length() == characters
          && characters < CHARACTERS_MAX
          && text.lines().limit(LINES_MIN + 1).count() <= LINES_MIN) {
        characters *= 4;
        text = Encoding.beginning(path, characters);
      }
      int end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
      return text.length() < characters || end < 0 ? text : text.substring(0, end + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Candidate> candidate() {
    Optional<Character> delimiter = options.table().delimiter().or(preamble::delimiter);
    return delimiter.isPresent()
        ? Optional.of(Candidate.of(path, delimiter.get(), preamble.lines(), beginning))
        : DelimiterFinder.find(path, preamble.lines(), beginning);
  }

  private CsvFile open(Collection<String> expected) {
    if (beginning.isBlank()) {
      throw new UserError(path + ": expected a table, found an empty file");
    }
    Candidate candidate = candidate().orElseThrow(this::noColumns);
    if (candidate.width() < 2) {
      throw noColumns();
    }
    List<Row> rows = candidate.rows();
    char delimiter = candidate.delimiter();
    Numerals numerals =
        options
            .table()
            .decimal()
            .map(Numerals::of)
            .orElseGet(() -> DecimalFinder.find(path, delimiter, rows));
    TableRows all = new TableRows(path, delimiter, preamble.lines());
    Optional<List<String>> comment = comment(candidate, numerals);
    if (comment.isPresent()) {
      ColumnNames names = ColumnNames.of(comment.get(), rows, candidate.width());
      return file(all, numerals, true, false, names);
    }
    List<String> first = rows.getFirst().fields();
    List<Row> below = rows.subList(1, rows.size());
    boolean isExpected = !expected.isEmpty() && first.containsAll(expected);
    boolean header =
        options
            .table()
            .header()
            .orElseGet(() -> isExpected || isHeader(first, below, candidate.width(), numerals));
    ColumnNames names =
        header
            ? ColumnNames.of(first, below, candidate.width())
            : ColumnNames.numbered(rows, candidate.width());
    return file(all, numerals, header, header, names);
  }

  private UserError noColumns() {
    return new UserError(
        options
            .table()
            .delimiter()
            .map(d ->
                Phrase.of(
                    "%s: expected a table with more than one column, found none with the delimiter '%s'; leave out --delimiter to have it recognised",
                    path, d))
            .orElse(
                path
                    + ": expected a table with columns separated by comma, semicolon, tab, | or spaces, found none of them; another one can be given with --delimiter"));
  }

  private boolean isHeader(List<String> first, List<Row> below, int width, Numerals numerals) {
    int used = ColumnNames.used(below, width);
    if (first.size() < used - 1) {
      throw new UserError(
          Phrase.of(
              "%s: expected the names of %d columns in the first row, found %d; remove lines above the table, or begin them with #",
              path, used, first.size()));
    }
    return ColumnNames.isOneFewer(first, below, width)
        || HeaderFinder.isHeader(first, below, numerals);
  }

  /** The names where a comment before the table has them. */
  private Optional<List<String>> comment(Candidate candidate, Numerals numerals) {
    if (!options.table().header().orElse(true)) {
      return Optional.empty();
    }
    return preamble
        .lastComment()
        .map(text -> new TableRows(path, candidate.delimiter(), 0).rows(text, 1))
        .filter(rows -> !rows.isEmpty())
        .map(rows -> rows.getFirst().fields())
        .filter(names ->
            names.size() == candidate.width()
                && HeaderFinder.isHeader(names, candidate.rows(), numerals));
  }

  private CsvFile file(
      TableRows all, Numerals numerals, boolean header, boolean isRow, ColumnNames names) {
    return new CsvFile(
        all, numerals, header, isRow, names.names(), names.rowNumbers(), leftOut(names.dropped()));
  }

  private List<LeftOut> leftOut(int lastColumns) {
    List<LeftOut> all = new ArrayList<>();
    int comments = preamble.comments();
    if (comments > 0) {
      all.add(
          new LeftOut(comments == 1 ? "1 line" : comments + " lines", "comments before the table"));
    }
    if (lastColumns > 0) {
      all.add(
          new LeftOut(
              lastColumns == 1 ? "the last column" : "the last " + lastColumns + " columns",
              "empty, without a name"));
    }
    return all;
  }
}
