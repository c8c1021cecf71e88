package io.dlion.data.preprocessing;

import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.Invalid;
import io.dlion.data.schema.Table;
import io.dlion.data.schema.TableExamples;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How rows of a table become inputs and targets.
 *
 * @param schema what each column is for
 * @param features mean and deviation of each number that a model gets, in the order of the columns
 * @param target of the numbers to predict; 0 and 1 for classes, which stay as they are
 */
public record TablePreprocessing(CsvSchema schema, List<Standard> features, Standard target)
    implements Preprocessing {
  /** Checks the values, and copies the lists. */
  public TablePreprocessing {
    features = List.copyOf(features);
    Invalid.unless(
        features.size() == schema.features() && !features.isEmpty(),
        features.size() + " means for " + schema.features() + " features");
  }

  /** Measures the training rows of a table. */
  public static TablePreprocessing of(CsvSchema schema, Table table, int[] rows) {
    List<Standard> features = new ArrayList<>();
    for (int c = 0; c < table.width; c++) {
      features.add(finite(table, Standard.of(table.features, table.width, c, rows)));
    }
    Standard target =
        schema.isRegression()
            ? finite(table, Standard.of(table.labels, 1, 0, rows))
            : new Standard(0, 1);
    return new TablePreprocessing(schema, features, target);
  }

  private static Standard finite(Table table, Standard standard) {
    if (!standard.isFinite()) {
      throw new UserError(
          table.place + ": numbers too large to be standardised; give them in a larger unit");
    }
    return standard;
  }

  @Override
  public ExampleShape shape() {
    return schema.isRegression()
        ? new ExampleShape(List.of(features.size()), Kind.REGRESSION, 1)
        : new ExampleShape(
            List.of(features.size()), Kind.CLASSIFICATION, schema.classNames().size());
  }

  @Override
  public List<String> classNames() {
    return schema.classNames();
  }

  @Override
  public OptionalDouble targetDeviation() {
    return schema.isRegression() ? OptionalDouble.of(target.deviation()) : OptionalDouble.empty();
  }

  /** Standardises a table whose rows are as the schema says. */
  public TableExamples encode(Table table) {
    float[] inputs = new float[table.features.length];
    for (int c = 0; c < features.size(); c++) {
      features.get(c).apply(table.features, table.width, c, inputs);
    }
    float[] targets = new float[table.rows()];
    target.apply(table.labels, 1, 0, targets);
    return new TableExamples(inputs, targets, shape());
  }
}
