package io.dlion.data;

import io.dlion.core.learn.Examples;
import java.util.Optional;

/**
 * Makes data sets of tables: every feature is standardised with the mean and deviation of the
 * training rows, and so is the target of a regression, which leaves R² as it is and makes the loss
 * a share of the target's variance.
 */
final class Tables {
  private Tables() {}

  /**
   * @param contents what the rows are
   * @param source how they were found
   */
  static DataSet dataSet(
      String name,
      Table train,
      Optional<Table> test,
      CsvSchema schema,
      Contents contents,
      Source source,
      long seed) {
    HoldOut split =
        test.isPresent() ? HoldOut.none(train.rows()) : HoldOut.random(name, train.rows(), seed);
    TablePreprocessing preprocessing = TablePreprocessing.of(schema, train, split.train);
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
}
