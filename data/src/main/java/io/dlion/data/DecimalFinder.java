package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.TableRows.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Finds the decimal mark of a table: the one with which most fields are numbers that are none with
 * the other. A text such as 1,234 may be either: then countries decide, which part fields with
 * semicolons where the decimal mark is a comma.
 */
final class DecimalFinder {
  private int points;
  private int commas;
  private Optional<String> ambiguous = Optional.empty();

  private DecimalFinder() {}

  static Numerals find(Path path, char delimiter, List<Row> rows) {
    DecimalFinder finder = new DecimalFinder();
    for (Row row : rows) {
      row.fields().forEach(finder::add);
    }
    if (finder.points != finder.commas) {
      return finder.points > finder.commas ? Numerals.POINT : Numerals.COMMA;
    }
    return finder.ambiguous.map(text -> byDelimiter(path, delimiter, text)).orElse(Numerals.POINT);
  }

  private void add(String field) {
    String text = Units.without(field, Units.of(field));
    OptionalDouble point = Numerals.POINT.parse(text);
    OptionalDouble comma = Numerals.COMMA.parse(text);
    if (point.isPresent() && comma.isEmpty()) {
      points++;
    } else if (comma.isPresent() && point.isEmpty()) {
      commas++;
    } else if (point.isPresent() && !point.equals(comma) && text.indexOf(',') >= 0) {
      ambiguous = Optional.of(text);
    }
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
