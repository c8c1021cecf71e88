package io.dlion.data.table;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.HoldOut;
import io.dlion.data.Source;
import io.dlion.data.Subset;
import io.dlion.data.TestSplit;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.Table;
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
   * @param contents what the rows are
   * @param source how they were found
   */
  public static DataSet dataSet(
      String name,
      Table train,
      Optional<Table> test,
      CsvSchema schema,
      Contents contents,
      Source source,
      DataOptions options) {
    HoldOut split =
        test.isPresent()
            ? HoldOut.none(train.rows())
            : HoldOut.random(name, train.rows(), options.seed());
    TablePreprocessing preprocessing =
        options
            .encoding(TablePreprocessing.class, train.place, "a table")
            .orElseGet(() -> TablePreprocessing.of(schema, train, split.train));
    requireSame(name, schema, preprocessing.schema());
    Examples all = preprocessing.encode(train);
    Examples trainExamples = test.isPresent() ? all : new Subset(all, split.train);
    Examples testExamples =
        test.map(t -> (Examples) preprocessing.encode(t))
            .orElseGet(() -> new Subset(all, split.test));
    return DataSet.of(
        name,
        contents,
        trainExamples,
        testExamples,
        test.isPresent() ? TestSplit.OWN : TestSplit.HELD_OUT,
        preprocessing,
        source);
  }

  /** Fails where a table was read by another schema than the one it is to be encoded by. */
  static void requireSame(String name, CsvSchema found, CsvSchema expected) {
    if (!found.equals(expected)) {
      throw new UserError(
          Phrase.of(
              "%s: expected the columns that the model was trained on (%s) with the same classes, found %s",
              name, String.join(", ", expected.names()), String.join(", ", found.names())));
    }
  }
}
