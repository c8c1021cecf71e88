package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.util.List;
import java.util.OptionalDouble;

/** How a column of a table is used. */
sealed interface CsvColumn {
  /** How many numbers a model gets from it. */
  int width();

  /** A number, to be standardised. */
  record Numeric() implements CsvColumn {
    @Override
    public int width() {
      return 1;
    }

    double value(CsvFile file, long line, int column, String text) {
      OptionalDouble value = Numbers.parse(text);
      if (value.isEmpty()) {
        throw file.error(line, column, "expected a finite number, found " + found(text));
      }
      return value.getAsDouble();
    }
  }

  /** One of few words: a number for each, 1 for the one that stands there. */
  record Category(List<String> values) implements CsvColumn {
    /** More different words than this are an error. */
    static final int VALUES_MAX = 32;

    public Category {
      values = List.copyOf(values);
      Invalid.unless(!values.isEmpty(), "a column of words without words");
    }

    @Override
    public int width() {
      return values.size();
    }

    int index(CsvFile file, long line, int column, String text) {
      OptionalDouble number = Numbers.parse(text);
      int index =
          values.indexOf(number.isPresent() ? Numbers.canonical(number.getAsDouble()) : text);
      if (index < 0) {
        throw file.error(
            line,
            column,
            Phrase.of("expected one of %s, found %s", String.join(", ", values), found(text)));
      }
      return index;
    }
  }

  /** Not used. */
  record LeftOut(String reason) implements CsvColumn {
    /** The reason why row numbers are not used. */
    static final String ROW_NUMBER = "numbers the rows";

    @Override
    public int width() {
      return 0;
    }
  }

  /** How an input column with these values is used. */
  static CsvColumn input(CsvFile file, int column, ColumnSurvey survey) {
    String name = file.names().get(column);
    if (column == 0 && file.hasRowNumbers()) {
      return new LeftOut(LeftOut.ROW_NUMBER);
    }
    if (survey.isNumeric()) {
      return new Numeric();
    }
    if (survey.isDateOrTime()) {
      return new LeftOut("date or time");
    }
    if (survey.values().isEmpty() || survey.distinctCount() > Category.VALUES_MAX) {
      throw new UserError(
          Phrase.of(
              "%s: column '%s': expected numbers, or at most %d different words, found %s; remove the column or turn it into numbers",
              file.path(),
              name,
              Category.VALUES_MAX,
              survey.values().isEmpty() ? "nothing" : "more"));
    }
    return new Category(survey.values());
  }

  private static String found(String text) {
    return text.isEmpty() ? "an empty field" : "'" + text + "'";
  }
}
