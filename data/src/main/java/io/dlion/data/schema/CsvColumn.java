package io.dlion.data.schema;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.csv.CsvFile;
import io.dlion.data.csv.TableLayout;
import io.dlion.data.field.ColumnSurvey;
import io.dlion.data.field.Missing;
import io.dlion.data.field.Numerals;
import io.dlion.data.field.TableNumbers;
import io.dlion.data.field.Units;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** How a column of a table is used. */
public sealed interface CsvColumn {
  /** Names of columns that only number the rows, if their numbers count up by one. */
  Set<String> ROW_NUMBERS =
      Set.of(
          "id",
          "index",
          "idx",
          "no",
          "no.",
          "nr",
          "nr.",
          "row",
          "rowid",
          "row_id",
          "rownames",
          "#");

  /** How many numbers a model gets from it. */
  int width();

  /**
   * A number, to be standardised.
   *
   * @param unit a percent or currency sign at each of the numbers; empty: none
   */
  record Numeric(String unit) implements CsvColumn {
    /** Plain numbers. */
    public Numeric() {
      this("");
    }

    @Override
    public int width() {
      return 1;
    }

    /** The number that a field holds; empty where that is none, or not a finite one. */
    public OptionalDouble parse(Numerals numerals, String text) {
      return numerals.parse(Units.without(text, unit));
    }

    double value(CsvFile file, long line, int column, String text) {
      OptionalDouble value = parse(file.numerals(), text);
      if (value.isEmpty()) {
        throw file.error(
            line,
            column,
            Phrase.of(
                "expected a finite number%s, found %s; %s",
                unit.isEmpty() ? "" : " with " + unit,
                found(text),
                advice(file, line, Units.without(text, unit))));
      }
      return value.getAsDouble();
    }
  }

  private static String advice(CsvFile file, long line, String text) {
    if (Missing.is(text)) {
      return "fill it in, or remove the row or the column";
    }
    Numerals other = file.numerals().other();
    if (other.parse(text).isPresent()) {
      return Phrase.of("--decimal %s takes it for one", TableLayout.decimalName(other.decimal()));
    }
    return line == 1 && !file.hasHeader()
        ? "--header yes takes this line for the columns' names"
        : "correct it, or remove the row";
  }

  /** One of few words: a number for each, 1 for the one that stands there. */
  record Category(List<String> values) implements CsvColumn {
    /** More different words than this are an error. */
    static final int VALUES_MAX = 32;

    private static final int VALUES_SHOWN_MAX = 8;

    public Category {
      values = List.copyOf(values);
      Invalid.unless(!values.isEmpty(), "a column of words without words");
    }

    @Override
    public int width() {
      return values.size();
    }

    /** Which of the words a field holds; -1 where none. */
    public int indexOf(Numerals numerals, String text) {
      OptionalDouble number = numerals.parse(text);
      return values.indexOf(
          number.isPresent() ? TableNumbers.canonical(number.getAsDouble()) : text);
    }

    int index(CsvFile file, long line, int column, String text) {
      int index = indexOf(file.numerals(), text);
      if (index < 0) {
        throw file.error(
            line, column, Phrase.of("expected one of %s, found %s", shown(), found(text)));
      }
      return index;
    }

    /** The first of the words, for people. */
    public String shown() {
      return values.size() <= VALUES_SHOWN_MAX
          ? String.join(", ", values)
          : String.join(", ", values.subList(0, VALUES_SHOWN_MAX)) + ", …";
    }
  }

  /** Its equal values say which rows are one sequence. */
  record Sequence() implements CsvColumn {
    @Override
    public int width() {
      return 0;
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
    if (column == 0 && (file.hasRowNumbers() || isRowNumber(name, survey))) {
      return new LeftOut(LeftOut.ROW_NUMBER);
    }
    if (survey.isEmpty()) {
      return new LeftOut("no values");
    }
    if (survey.isNumeric() && survey.units().size() == 1) {
      return new Numeric(survey.units().getFirst());
    }
    if (survey.isDateOrTime()) {
      return new LeftOut("date or time");
    }
    if (survey.distinctCount() > Category.VALUES_MAX) {
      throw new UserError(
          Phrase.of(
              "%s: column '%s': expected numbers, or at most %d different words, found more%s;"
                  + " remove the column or turn it into numbers",
              file.path(),
              name,
              Category.VALUES_MAX,
              survey.isNumeric() ? " and numbers of several units" : ""));
    }
    return new Category(survey.values());
  }

  /** As pandas writes it where a table is written a second time, or by its name and its values. */
  private static boolean isRowNumber(String name, ColumnSurvey survey) {
    String known = name.toLowerCase(Locale.ROOT);
    return known.startsWith("unnamed: ") || (ROW_NUMBERS.contains(known) && survey.isConsecutive());
  }

  private static String found(String text) {
    return text.isEmpty() ? "an empty field" : "'" + text + "'";
  }
}
