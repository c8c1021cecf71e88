package io.dlion.data.schema;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.csv.CsvFile;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What each column of a table is for, found by a first pass over the training files.
 *
 * @param names of the columns; numbers from 1 where the files have no header
 * @param columns by their place in a row; the label's is {@link CsvColumn.Category} where it is a
 *     class, {@link CsvColumn.Numeric} where it is a number to predict
 * @param label the label's place
 */
public record CsvSchema(List<String> names, List<CsvColumn> columns, int label) {

  /** Checks the columns, and copies the lists. */
  public CsvSchema {
    names = List.copyOf(names);
    columns = List.copyOf(columns);
    Invalid.unless(label >= 0 && label < columns.size(), "label column " + label);
    CsvColumn predicted = columns.get(label);
    Invalid.unless(!(predicted instanceof CsvColumn.LeftOut), "a label that is left out");
    Invalid.unless(
        !(predicted instanceof CsvColumn.Sequence), "a label that tells sequences apart");
    Invalid.unless(
        columns.stream().filter(CsvColumn.Sequence.class::isInstance).count() <= 1,
        "two columns that tell sequences apart");
  }

  /** This schema; fails where it has no columns to learn from. */
  public CsvSchema checked(CsvFile file) {
    if (features() == 0) {
      throw new UserError(
          Phrase.of(
              "%s: expected columns to learn from besides the label '%s', found none",
              file.path(), file.names().get(label)));
    }
    return this;
  }

  /** How many numbers a model gets from a row. */
  public int features() {
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
  public int[] places(CsvFile file) {
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
                c == label
                    ? " with the label"
                    : columns.get(c) instanceof CsvColumn.Sequence
                        ? " that tells sequences apart"
                        : " to predict from",
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

  /** Names of the columns that are used. */
  public List<String> usedNames() {
    return IntStream.range(0, columns.size())
        .filter(c -> !(columns.get(c) instanceof CsvColumn.LeftOut))
        .mapToObj(names::get)
        .toList();
  }

  /** Name of the column whose equal values make rows one sequence; empty where none does. */
  public Optional<String> sequenceName() {
    return IntStream.range(0, columns.size())
        .filter(c -> columns.get(c) instanceof CsvColumn.Sequence)
        .mapToObj(names::get)
        .findFirst();
  }

  /** Name of the column to predict. */
  public String labelName() {
    return names.get(label);
  }

  /** Whether the label is a number to predict. */
  public boolean isRegression() {
    return columns.get(label) instanceof CsvColumn.Numeric;
  }

  /** The classes, empty where the label is a number. */
  public List<String> classNames() {
    return columns.get(label) instanceof CsvColumn.Category(List<String> values)
        ? values
        : List.of();
  }
}
