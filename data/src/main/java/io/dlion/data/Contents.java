package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.learn.ExampleShape;
import io.dlion.data.csv.TableLayout;
import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.LabelTask;
import io.dlion.data.schema.TableColumn;
import io.dlion.data.schema.TableColumns;
import java.util.List;
import java.util.Optional;

/** What the examples of a data set are. */
public sealed interface Contents {
  /** Which kind of data. */
  DataKind kind();

  /** In a phrase that a number of examples can precede. */
  String phrase();

  /**
   * Labelled images.
   *
   * @param width in pixels
   * @param height in pixels
   * @param channels 1: grey, 3: colour
   * @param classes how many
   */
  record Images(int width, int height, int channels, int classes) implements Contents {
    /** Those of examples of this shape. */
    public static Images of(ExampleShape shape) {
      return new Images(
          shape.input().get(2), shape.input().get(1), shape.input().get(0), shape.outputs());
    }

    @Override
    public DataKind kind() {
      return DataKind.IMAGES;
    }

    @Override
    public String phrase() {
      return Phrase.of(
          "%s images %d×%d, %,d classes",
          channels == 1 ? "grey" : "colour", width, height, classes);
    }
  }

  /**
   * A text.
   *
   * @param characters in all
   * @param symbols different characters a model knows
   * @param sequenceLength characters in one example
   */
  record Text(int characters, int symbols, int sequenceLength) implements Contents {
    @Override
    public DataKind kind() {
      return DataKind.TEXT;
    }

    @Override
    public String phrase() {
      return Phrase.of(
          "sequences of %,d characters, %,d different ones, text of %,d",
          sequenceLength, symbols, characters);
    }
  }

  /**
   * Rows of a table, or time series of them.
   *
   * @param features numbers that a model gets of each row
   * @param steps rows of an example: of a window, or of the longest sequence; 0: each row is one
   * @param sequenceBy name of the column that tells sequences apart; empty where there is none
   * @param label the name of the column to predict
   * @param task what is asked of it
   * @param classes how many; 0 for a regression
   * @param choice why this label and task, and how to change that; may be empty
   * @param layout of the file; empty for generated tables
   * @param columns all of them, in their order
   */
  record Table(
      int features,
      int steps,
      Optional<String> sequenceBy,
      String label,
      LabelTask task,
      int classes,
      String choice,
      Optional<TableLayout> layout,
      List<TableColumn> columns)
      implements Contents {
    /** Of a table that is in no file. */
    public static Table of(CsvSchema schema) {
      return of(schema, "", Optional.empty(), TableColumns.of(schema));
    }

    /** The same with examples of so many rows. */
    public Table inSteps(int rows) {
      return new Table(features, rows, sequenceBy, label, task, classes, choice, layout, columns);
    }

    /** Of a table in a file. */
    public static Table of(
        CsvSchema schema, String choice, Optional<TableLayout> layout, List<TableColumn> columns) {
      return new Table(
          schema.features(),
          0,
          schema.sequenceName(),
          schema.labelName(),
          schema.isRegression() ? LabelTask.REGRESSION : LabelTask.CLASSIFICATION,
          schema.classNames().size(),
          choice,
          layout,
          columns);
    }

    /** Copies the list. */
    public Table {
      columns = List.copyOf(columns);
    }

    @Override
    public DataKind kind() {
      return DataKind.TABLE;
    }

    private String examples() {
      return sequenceBy
          .map(name -> Phrase.of("sequences by '%s' of up to %,d rows", name, steps))
          .orElse(steps == 0 ? "rows" : Phrase.of("windows of %,d rows", steps));
    }

    @Override
    public String phrase() {
      String what = task == LabelTask.REGRESSION ? "regression" : Phrase.of("%,d classes", classes);
      return Phrase.of(
          "%s of %,d features, %s, label '%s'%s",
          examples(), features, what, label, choice.isEmpty() ? "" : " (" + choice + ")");
    }
  }
}
