package io.dlion.data;

import io.dlion.data.file.ComposedNames;
import io.dlion.data.schema.LabelTask;
import java.util.Optional;

/**
 * How to read a table. What is empty is recognised by what lies there.
 *
 * @param label the column to predict, by its name or its number counted from 1; where empty, a
 *     column called label, class, target or y, else the last
 * @param task whether the label is a class or a number
 * @param header whether the first line holds the columns' names
 * @param delimiter the character between fields
 * @param decimal the decimal mark, {@code '.'} or {@code ','}
 */
public record TableOptions(
    Optional<String> label,
    Optional<LabelTask> task,
    Optional<Boolean> header,
    Optional<Character> delimiter,
    Optional<Character> decimal) {
  /** Everything recognised. */
  public static final TableOptions NONE =
      new TableOptions(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Composes the label's name. */
  public TableOptions {
    label = label.map(ComposedNames::composed);
  }

  /** The same with another label column. */
  TableOptions withLabel(String column) {
    return new TableOptions(Optional.of(column), task, header, delimiter, decimal);
  }

  /** The same with another decimal mark. */
  TableOptions withDecimal(char mark) {
    return new TableOptions(label, task, header, delimiter, Optional.of(mark));
  }
}
