package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.file.ComposedNames;
import io.dlion.data.preprocessing.TablePreprocessing;
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
 * @param window so many rows, one after the other, are one example
 * @param sequenceBy the column, by its name or number, whose equal values make rows one example
 */
public record TableOptions(
    Optional<String> label,
    Optional<LabelTask> task,
    Optional<Boolean> header,
    Optional<Character> delimiter,
    Optional<Character> decimal,
    Optional<Integer> window,
    Optional<String> sequenceBy) {
  /** Everything recognised. */
  public static final TableOptions NONE =
      new TableOptions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Composes the columns' names, and checks that rows are put together in one way. */
  public TableOptions {
    label = label.map(ComposedNames::composed);
    sequenceBy = sequenceBy.map(ComposedNames::composed);
    window.ifPresent(n -> DataOptions.between("--window", n, TablePreprocessing.STEPS_MAX));
    if (window.isPresent() && sequenceBy.isPresent()) {
      throw new UserError(
          Phrase.of(
              "--window %d and --sequence-by %s: rows make either windows or sequences; leave one"
                  + " of them out",
              window.get(), sequenceBy.get()));
    }
  }

  /** The same with another label column. */
  TableOptions withLabel(String column) {
    return new TableOptions(
        Optional.of(column), task, header, delimiter, decimal, window, sequenceBy);
  }

  /** The same with another decimal mark. */
  TableOptions withDecimal(char mark) {
    return new TableOptions(label, task, header, delimiter, Optional.of(mark), window, sequenceBy);
  }

  /** The same with rows put together to windows. */
  TableOptions withWindow(int rows) {
    return new TableOptions(label, task, header, delimiter, decimal, Optional.of(rows), sequenceBy);
  }

  /** The same with rows put together by a column. */
  TableOptions withSequenceBy(String column) {
    return new TableOptions(label, task, header, delimiter, decimal, window, Optional.of(column));
  }
}
