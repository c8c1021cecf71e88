package io.dlion.data.csv;

import io.dlion.data.csv.TableRows.Row;
import io.dlion.data.field.Numerals;
import io.dlion.data.field.Units;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds what separates the fields of a table: the delimiter that gives the most regular table of
 * more than one column, and the most numbers.
 */
public final class DelimiterFinder {
  /** In the order in which they are preferred where they do equally well. */
  private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|', ' ');

  private static final int ROWS_MAX = 500;

  /** Of the rows, as many must have the same number of fields. */
  private static final double REGULAR_MIN = 0.9;

  private static final double NUMERIC_MIN_OF_SPACES = 0.33;

  private DelimiterFinder() {}

  /**
   * A file split by one delimiter.
   *
   * @param delimiter between fields
   * @param rows the first ones
   * @param width the number of fields that most rows have
   * @param regular the share of rows that have it
   * @param numeric the share of characters that belong to numbers
   */
  public record Candidate(
      char delimiter, List<Row> rows, int width, double regular, double numeric) {
    /** What the file looks like when this is the delimiter. */
    public static Candidate of(Path path, char delimiter, int skippedLines, String beginning) {
      List<Row> rows = new TableRows(path, delimiter, skippedLines).rows(beginning, ROWS_MAX);
      List<Row> below = rows.size() > 1 ? rows.subList(1, rows.size()) : rows;
      int width = commonWidth(below);
      double regular =
          (double) below.stream().filter(row -> isOf(row, width)).count()
              / Math.max(1, below.size());
      double numeric =
          Math.max(numericShare(below, Numerals.POINT), numericShare(below, Numerals.COMMA));
      return new Candidate(delimiter, rows, width, regular, numeric);
    }

    /** Words with spaces between them are prose. */
    private double score() {
      boolean prose = delimiter == ' ' && numeric < NUMERIC_MIN_OF_SPACES;
      return width < 2 || prose ? 0 : regular * (1 + numeric);
    }

    /** Whether nearly all rows have the same number of fields, and more than one. */
    public boolean isRegular() {
      return width > 1 && rows.size() > 1 && regular >= REGULAR_MIN;
    }
  }

  /** The best of the known delimiters; empty where none parts most rows. */
  public static Optional<Candidate> find(Path path, int skippedLines, String beginning) {
    Stream<Candidate> candidates =
        DELIMITERS.stream().map(d -> Candidate.of(path, d, skippedLines, beginning));
    return candidates
        .filter(c -> c.score() > 0)
        .reduce((best, next) -> next.score() > best.score() + 1e-9 ? next : best);
  }

  private static int commonWidth(List<Row> rows) {
    Map<Integer, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(row.fields().size(), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(
            Comparator.comparingInt((Map.Entry<Integer, Integer> e) -> e.getValue())
                .thenComparingInt(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .orElse(0);
  }

  /** A field more is no difference where nothing stands in it. */
  private static boolean isOf(Row row, int width) {
    int fields = row.fields().size();
    return fields == width || (fields == width + 1 && row.fields().getLast().isEmpty());
  }

  private static double numericShare(List<Row> rows, Numerals numerals) {
    long all = 0;
    long numeric = 0;
    for (Row row : rows) {
      for (String field : row.fields()) {
        all += field.length();
        String number = Units.without(field, Units.of(field));
        numeric += numerals.parse(number).isPresent() ? field.length() : 0;
      }
    }
    return all == 0 ? 0 : (double) numeric / all;
  }
}
