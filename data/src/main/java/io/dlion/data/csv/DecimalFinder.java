package io.dlion.data.csv;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.csv.TableRows.Row;
import io.dlion.data.field.Numerals;
import io.dlion.data.field.Units;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Finds the decimal mark of a table: the one with which most fields are numbers that are none with
 * the other.
 *
 * <p>A text such as 1.234 may be either. Where all are like that, columns decide that hold whole
 * numbers too, such as 850 and 1.234: the mark groups digits there, for nobody writes fractions
 * with three digits or none. Else 1,234 is decided by the delimiter: countries with a decimal comma
 * part fields with semicolons.
 */
public final class DecimalFinder {
  private int points;
  private int commas;
  private Optional<String> withComma = Optional.empty();
  private final BitSet whole = new BitSet();
  private final BitSet groupedByPoint = new BitSet();
  private final BitSet groupedByComma = new BitSet();

  private DecimalFinder() {}

  /** Decides by the fields of all rows but the first, which may be a header. */
  public static Numerals find(Path path, char delimiter, List<Row> rows) {
    DecimalFinder finder = new DecimalFinder();
    // The first row may be a header of numbers.
    for (Row row : rows.subList(Math.min(1, rows.size() - 1), rows.size())) {
      for (int c = 0; c < row.fields().size(); c++) {
        finder.add(c, row.fields().get(c));
      }
    }
    return finder.decide(path, delimiter);
  }

  private void add(int column, String field) {
    String text = Units.without(field, Units.of(field));
    OptionalDouble point = Numerals.POINT.parse(text);
    OptionalDouble comma = Numerals.COMMA.parse(text);
    if (point.isPresent() && comma.isEmpty()) {
      points++;
    } else if (comma.isPresent() && point.isEmpty()) {
      commas++;
    } else if (point.isPresent() && point.equals(comma)) {
      whole.set(column);
    } else if (point.isPresent() && text.indexOf(',') >= 0) {
      groupedByComma.set(column);
      withComma = Optional.of(text);
    } else if (point.isPresent()) {
      groupedByPoint.set(column);
    }
  }

  private Numerals decide(Path path, char delimiter) {
    if (points != commas) {
      return points > commas ? Numerals.POINT : Numerals.COMMA;
    }
    boolean pointGroups = whole.intersects(groupedByPoint);
    boolean commaGroups = whole.intersects(groupedByComma);
    if (pointGroups != commaGroups) {
      return commaGroups ? Numerals.POINT : Numerals.COMMA;
    }
    return withComma.map(text -> byDelimiter(path, delimiter, text)).orElse(Numerals.POINT);
  }

  private static Numerals byDelimiter(Path path, char delimiter, String text) {
    return switch (delimiter) {
      case ';' -> Numerals.COMMA;
      case ',' -> Numerals.POINT;
      default ->
          throw new UserError(
              Phrase.of(
                  "%s: numbers such as %s can be read in two ways; say --decimal comma or --decimal point",
                  path, text));
    };
  }
}
