package io.dlion.data.table;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Subset;
import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.HoldOut;
import io.dlion.data.Source;
import io.dlion.data.TestSplit;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.Table;
import java.util.List;
import java.util.Optional;

/**
 * Makes data sets of tables: every feature is standardised with the mean and deviation of the
 * training rows, and so is the target of a regression, which leaves R² as it is and makes the loss
 * a share of the target's variance.
 */
public final class Tables {
  private Tables() {}

  /**
   * A data set of rows to learn from, and of rows to judge by.
   *
   * @param window rows of a window; 0: rows, or sequences that a column tells apart, are examples
   * @param contents what the rows are
   * @param source how they were found
   */
  public static DataSet dataSet(
      String name,
      Table train,
      Optional<Table> test,
      CsvSchema schema,
      int window,
      Contents.Table contents,
      Source source,
      DataOptions options) {
    boolean series = window > 0 || schema.sequenceName().isPresent();
    int count = series ? train.grouping(window).count() : train.rows();
    HoldOut split =
        test.isPresent() ? HoldOut.none(count) : HoldOut.random(name, count, options.seed());
    TablePreprocessing preprocessing =
        options
            .encoding(TablePreprocessing.class, train.place, "a table")
            .orElseGet(() -> TablePreprocessing.of(schema, window, train, split.train));
    requireSame(name, schema, window, preprocessing);
    Examples all = preprocessing.encode(train);
    Examples trainExamples = test.isPresent() ? all : new Subset(all, split.train);
    Examples testExamples =
        test.map(preprocessing::encode).orElseGet(() -> new Subset(all, split.test));
    List<Table> tables = test.map(t -> List.of(train, t)).orElse(List.of(train));
    return DataSet.of(
        name,
        contents.inSteps(preprocessing.steps()),
        trainExamples,
        testExamples,
        test.isPresent() ? TestSplit.OWN : TestSplit.HELD_OUT,
        preprocessing,
        SeriesNotes.added(source, tables, preprocessing));
  }

  /** Fails where a table was read by another schema than the one it is to be encoded by. */
  static void requireSame(
      String name, CsvSchema found, int window, TablePreprocessing preprocessing) {
    CsvSchema expected = preprocessing.schema();
    if (window != preprocessing.window()) {
      throw new UserError(
          Phrase.of(
              "%s: expected examples of %s as the model was trained on, found %s",
              name, rows(preprocessing.window()), rows(window)));
    }
    if (!found.equals(expected)) {
      throw new UserError(
          Phrase.of(
              "%s: expected the columns that the model was trained on (%s) with the same classes,"
                  + " found %s",
              name, String.join(", ", expected.names()), String.join(", ", found.names())));
    }
  }

  private static String rows(int window) {
    return window == 0 ? "one row" : Phrase.of("%,d rows", window);
  }
}
