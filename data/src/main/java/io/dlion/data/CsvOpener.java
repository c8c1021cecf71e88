package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DelimiterFinder.Candidate;
import io.dlion.data.TableRows.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Recognises how a table is written from the beginning of its file, as far as the options do not
 * say it.
 */
final class CsvOpener {
  private static final int CHARACTERS = 1 << 17;
  private static final String ROW_NUMBER = "row number";

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
      String text = Encoding.beginning(path, CHARACTERS);
      int end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
      return text.length() < CHARACTERS || end < 0 ? text : text.substring(0, end + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Candidate> candidate() {
    Optional<Character> delimiter = options.delimiter().or(preamble::delimiter);
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
            .decimal()
            .map(Numerals::of)
            .orElseGet(() -> DecimalFinder.find(path, delimiter, rows));
    Optional<List<String>> comment = comment(candidate, numerals);
    TableRows all = new TableRows(path, delimiter, preamble.lines());
    if (comment.isPresent()) {
      return named(all, numerals, comment.get(), candidate.width(), false, rows);
    }
    List<String> first = rows.getFirst().fields();
    List<Row> below = rows.subList(1, rows.size());
    boolean header =
        options
            .header()
            .orElseGet(() ->
                (!expected.isEmpty() && first.containsAll(expected))
                    || isHeader(first, below, candidate.width(), numerals));
    return header
        ? named(all, numerals, first, candidate.width(), true, below)
        : numbered(all, numerals, candidate.width(), rows);
  }

  private UserError noColumns() {
    return new UserError(
        options
            .delimiter()
            .map(d ->
                Phrase.of(
                    "%s: expected a table with more than one column, found none with the delimiter '%s'; leave out --delimiter to have it recognised",
                    path, d))
            .orElse(
                path
                    + ": expected a table with columns separated by comma, semicolon, tab, | or spaces, found none of them; another one can be given with --delimiter"));
  }

  private static boolean isHeader(
      List<String> first, List<Row> below, int width, Numerals numerals) {
    boolean oneFewer = first.size() + 1 == width && !isEmpty(below, width - 1);
    return HeaderFinder.isHeader(first, below, numerals, oneFewer ? 1 : 0);
  }

  /** The names where a comment before the table has them. */
  private Optional<List<String>> comment(Candidate candidate, Numerals numerals) {
    if (!options.header().orElse(true)) {
      return Optional.empty();
    }
    return preamble
        .lastComment()
        .map(text -> new TableRows(path, candidate.delimiter(), 0).rows(text, 1))
        .filter(rows -> !rows.isEmpty())
        .map(rows -> rows.getFirst().fields())
        .filter(names ->
            names.size() == candidate.width()
                && HeaderFinder.isHeader(names, candidate.rows(), numerals, 0));
  }

  private CsvFile numbered(TableRows all, Numerals numerals, int width, List<Row> rows) {
    int used = width;
    while (used > 1 && isEmpty(rows, used - 1)) {
      used--;
    }
    List<String> names = IntStream.rangeClosed(1, used).mapToObj(Integer::toString).toList();
    return new CsvFile(all, numerals, false, false, names, false, leftOut(width - used));
  }

  private CsvFile named(
      TableRows all,
      Numerals numerals,
      List<String> header,
      int commonWidth,
      boolean isRow,
      List<Row> rows) {
    int width = rows.isEmpty() ? header.size() : commonWidth;
    List<String> names = new ArrayList<>(header);
    while (names.size() > 1 && names.getLast().isEmpty() && isEmpty(rows, names.size() - 1)) {
      names.removeLast();
    }
    int nameless = width - names.size();
    boolean trailing = nameless > 0 && isEmpty(rows, names.size(), width);
    boolean oneFewer = nameless == 1 && !trailing;
    boolean firstNameless = !oneFewer && names.getFirst().isEmpty();
    if (oneFewer) {
      names.addFirst(ROW_NUMBER);
    } else if (firstNameless) {
      names.set(0, ROW_NUMBER);
    }
    for (int c = 0; c < names.size(); c++) {
      names.set(c, names.get(c).isEmpty() ? Integer.toString(c + 1) : names.get(c));
    }
    int dropped = Math.max(header.size(), trailing ? width : 0) - names.size();
    return new CsvFile(
        all, numerals, true, isRow, names, oneFewer || firstNameless, leftOut(dropped));
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

  private static boolean isEmpty(List<Row> rows, int column) {
    return rows.stream()
        .allMatch(row -> row.fields().size() <= column || row.fields().get(column).isEmpty());
  }

  private static boolean isEmpty(List<Row> rows, int from, int to) {
    return IntStream.range(from, to).allMatch(column -> isEmpty(rows, column));
  }
}
