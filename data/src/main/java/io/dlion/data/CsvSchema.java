package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What each column of a table is for, found by a first pass over the training files.
 *
 * @param names of the columns; numbers from 1 where the files have no header
 * @param columns by their place in a row; the label's is {@link CsvColumn.Category} where it is a
 *     class, {@link CsvColumn.Numeric} where it is a number to predict
 * @param label the label's place
 */
record CsvSchema(List<String> names, List<CsvColumn> columns, int label) {
  private static final Set<String> LABEL_NAMES = Set.of("label", "class", "target", "y");
  private static final int NUMBERED_CLASSES_MAX = 32;

  CsvSchema {
    names = List.copyOf(names);
    columns = List.copyOf(columns);
    Invalid.unless(label >= 0 && label < columns.size(), "label column " + label);
    Invalid.unless(!(columns.get(label) instanceof CsvColumn.LeftOut), "a label that is left out");
  }

  /**
   * What a first pass found.
   *
   * @param rows in the files
   * @param columns for people
   */
  record Surveyed(CsvSchema schema, long rows, List<TableColumn> columns) {}

  static Surveyed of(List<CsvFile> files, DataOptions options) {
    CsvFile first = files.getFirst();
    int label = label(first, options);
    List<ColumnSurvey> surveys = new ArrayList<>();
    first.names().forEach(n -> surveys.add(new ColumnSurvey()));
    long[] rows = {0};
    for (CsvFile file : files) {
      file.forEach((line, fields) -> {
        rows[0]++;
        for (int c = 0; c < fields.size(); c++) {
          surveys.get(c).add(fields.get(c));
        }
      });
    }
    if (rows[0] == 0) {
      throw new UserError(first.path() + ": expected rows after the header, found none");
    }
    List<CsvColumn> columns = new ArrayList<>();
    for (int c = 0; c < surveys.size(); c++) {
      columns.add(
          c == label
              ? labelColumn(first, c, surveys.get(c))
              : CsvColumn.input(first, c, surveys.get(c)));
    }
    CsvSchema schema = new CsvSchema(first.names(), columns, label).checked(first);
    return new Surveyed(schema, rows[0], TableColumns.of(schema, surveys));
  }

  private static int label(CsvFile file, DataOptions options) {
    List<String> names = file.names();
    if (options.label().isEmpty()) {
      for (int c = 0; c < names.size(); c++) {
        if (LABEL_NAMES.contains(names.get(c).toLowerCase(Locale.ROOT))) {
          return c;
        }
      }
      return names.size() - 1;
    }
    String wanted = options.label().get();
    int byName = names.indexOf(wanted);
    return byName >= 0
        ? byName
        : byNumber(wanted, names.size())
            .orElseThrow(() -> {
              return new UserError(
                  Phrase.of(
                      "%s: no column '%s' for the label, there are %s%s",
                      file.path(), wanted, String.join(", ", names), Nearest.hint(wanted, names)));
            });
  }

  private static OptionalInt byNumber(String text, int columns) {
    boolean number = text.matches("\\d{1,6}");
    int value = number ? Integer.parseInt(text) : 0;
    return value >= 1 && value <= columns ? OptionalInt.of(value - 1) : OptionalInt.empty();
  }

  private static CsvColumn labelColumn(CsvFile file, int column, ColumnSurvey survey) {
    int distinct = survey.values().size();
    boolean asNumber = survey.isNumeric() && (!survey.isWhole() || distinct > NUMBERED_CLASSES_MAX);
    if (!asNumber && survey.distinctCount() > ColumnSurvey.DISTINCT_MAX) {
      throw new UserError(
          Phrase.of(
              "%s: label column '%s': expected at most %d classes, found more; is it the right column?",
              file.path(), file.names().get(column), ColumnSurvey.DISTINCT_MAX));
    }
    if (distinct < 2) {
      throw new UserError(
          Phrase.of(
              "%s: label column '%s': expected at least two different values, found %s",
              file.path(), file.names().get(column), String.join("", survey.values())));
    }
    return asNumber ? new CsvColumn.Numeric() : new CsvColumn.Category(survey.values());
  }

  private CsvSchema checked(CsvFile file) {
    if (features() == 0) {
      throw new UserError(
          Phrase.of(
              "%s: expected columns to learn from besides the label '%s', found none",
              file.path(), file.names().get(label)));
    }
    return this;
  }

  /** How many numbers a model gets from a row. */
  int features() {
    int width = 0;
    for (int c = 0; c < columns.size(); c++) {
      width += c == label ? 0 : columns.get(c).width();
    }
    return width;
  }

  /**
   * Where each column stands in a file: by name, the second of two with one name as the second.
   *
   * @return a place for each column; -1 for one that is left out and not there
   */
  int[] places(CsvFile file) {
    int[] places = new int[columns.size()];
    boolean[] taken = new boolean[file.names().size()];
    for (int c = 0; c < places.length; c++) {
      places[c] = place(file, names.get(c), taken);
      if (places[c] >= 0) {
        taken[places[c]] = true;
      } else if (!(columns.get(c) instanceof CsvColumn.LeftOut)) {
        throw new UserError(
            Phrase.of(
                "%s: expected a column '%s'%s, found %s%s",
                file.path(),
                names.get(c),
                c == label ? " with the label" : " to predict from",
                file.hasHeader() ? "" : "no header, so columns by number: ",
                String.join(", ", file.names())));
      }
    }
    return places;
  }

  private static int place(CsvFile file, String name, boolean[] taken) {
    for (int i = 0; i < taken.length; i++) {
      if (!taken[i] && file.names().get(i).equals(name)) {
        return i;
      }
    }
    return -1;
  }

  String labelName() {
    return names.get(label);
  }

  /** Whether the label is a number to predict. */
  boolean isRegression() {
    return columns.get(label) instanceof CsvColumn.Numeric;
  }

  /** The classes, empty where the label is a number. */
  List<String> classNames() {
    return columns.get(label) instanceof CsvColumn.Category(List<String> values)
        ? values
        : List.of();
  }
}
