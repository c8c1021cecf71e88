package io.dlion.data.preprocessing;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.Grouping;
import io.dlion.data.schema.Invalid;
import io.dlion.data.schema.SeriesExamples;
import io.dlion.data.schema.Table;
import io.dlion.data.schema.TableExamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How rows of a table become inputs and targets.
 *
 * @param schema what each column is for
 * @param steps rows of an example that is a time series: of a window, or, where a column tells
 *     sequences apart, of the longest sequence; 0: each row is an example
 * @param features mean and deviation of each number that a model gets, in the order of the columns
 * @param target of the numbers to predict; 0 and 1 for classes, which stay as they are
 */
public record TablePreprocessing(
    CsvSchema schema, int steps, List<Standard> features, Standard target)
    implements Preprocessing {
  /** A longer time series is a mistake. */
  public static final int STEPS_MAX = 65_536;

  private static final long ELEMENTS_MAX = 1 << 26;

  /** Checks the values, and copies the lists. */
  public TablePreprocessing {
    features = List.copyOf(features);
    Invalid.unless(
        features.size() == schema.features() && !features.isEmpty(),
        features.size() + " means for " + schema.features() + " features");
    boolean series = schema.sequenceName().isPresent();
    Invalid.unless(steps >= (series ? 1 : 0) && steps <= STEPS_MAX, steps + " steps");
    Invalid.unless(
        (long) steps * features.size() <= ELEMENTS_MAX,
        steps + " steps of " + features.size() + " features");
  }

  /** Of rows that are an example each. */
  public TablePreprocessing(CsvSchema schema, List<Standard> features, Standard target) {
    this(schema, 0, features, target);
  }

  /**
   * Measures the training examples of a table.
   *
   * @param window rows of a window; 0: none
   * @param examples their numbers: of rows, windows or sequences
   */
  public static TablePreprocessing of(CsvSchema schema, int window, Table table, int[] examples) {
    boolean sequences = schema.sequenceName().isPresent();
    Rows rows =
        window > 0 || sequences ? Rows.of(table.grouping(window), examples) : Rows.single(examples);
    List<Standard> features = new ArrayList<>();
    for (int c = 0; c < table.width; c++) {
      features.add(
          finite(table, Standard.of(table.features, table.width, c, rows.all, rows.weights)));
    }
    Standard target =
        schema.isRegression()
            ? finite(table, Standard.of(table.labels, 1, 0, rows.labels))
            : new Standard(0, 1);
    int steps = sequences ? requireShort(table, rows.longest) : window;
    if ((long) steps * features.size() > ELEMENTS_MAX) {
      throw new UserError(
          Phrase.of(
              "%s: expected examples of at most %,d numbers, found %,d rows of %,d; leave out"
                  + " columns or take a smaller window",
              table.place, ELEMENTS_MAX, steps, features.size()));
    }
    return new TablePreprocessing(schema, steps, features, target);
  }

  private static int requireShort(Table table, int longest) {
    if (longest > STEPS_MAX) {
      throw new UserError(
          Phrase.of(
              "%s: expected sequences of at most %,d rows, found one of %,d; is it the right column"
                  + " (--sequence-by)?",
              table.place, STEPS_MAX, longest));
    }
    return longest;
  }

  /** Rows that means and deviations are measured on. */
  private static final class Rows {
    private final int[] all;

    /** Of each row: every example counts the same, whatever its length. */
    private final double[] weights;

    /** Those with the labels. */
    private final int[] labels;

    /** Rows of the longest example. */
    private final int longest;

    private Rows(int[] all, double[] weights, int[] labels, int longest) {
      this.all = all;
      this.weights = weights;
      this.labels = labels;
      this.longest = longest;
    }

    static Rows single(int[] rows) {
      double[] weights = new double[rows.length];
      Arrays.fill(weights, 1);
      return new Rows(rows, weights, rows, 1);
    }

    static Rows of(Grouping grouping, int[] examples) {
      int count = Arrays.stream(examples).map(grouping::length).sum();
      int[] all = new int[count];
      double[] weights = new double[count];
      int next = 0;
      for (int example : examples) {
        int length = grouping.length(example);
        for (int step = 0; step < length; step++) {
          all[next] = grouping.row(example, step);
          weights[next++] = 1.0 / length;
        }
      }
      int[] labels = Arrays.stream(examples).map(grouping::labelRow).toArray();
      return new Rows(all, weights, labels, grouping.longest(examples));
    }
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
        ? new ExampleShape(input(), Kind.REGRESSION, 1)
        : new ExampleShape(input(), Kind.CLASSIFICATION, schema.classNames().size());
  }

  private List<Integer> input() {
    return steps == 0 ? List.of(features.size()) : List.of(steps, features.size());
  }

  /** Rows of a window; 0 where rows, or sequences that a column tells apart, are the examples. */
  public int window() {
    return schema.sequenceName().isPresent() ? 0 : steps;
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
  public Examples encode(Table table) {
    float[] inputs = new float[table.features.length];
    for (int c = 0; c < features.size(); c++) {
      features.get(c).apply(table.features, table.width, c, inputs);
    }
    float[] targets = new float[table.rows()];
    target.apply(table.labels, 1, 0, targets);
    return steps == 0
        ? new TableExamples(inputs, targets, shape())
        : series(inputs, targets, table.grouping(window()));
  }

  /** Puts the rows of each example one after the other. */
  private Examples series(float[] inputs, float[] targets, Grouping grouping) {
    int width = features.size();
    int[] from = new int[grouping.count() + 1];
    float[] labels = new float[grouping.count()];
    float[] ordered = new float[inputs.length];
    int next = 0;
    for (int example = 0; example < grouping.count(); example++) {
      from[example] = next;
      labels[example] = targets[grouping.labelRow(example)];
      for (int step = 0; step < grouping.length(example); step++) {
        System.arraycopy(
            inputs, grouping.row(example, step) * width, ordered, next++ * width, width);
      }
    }
    from[grouping.count()] = next;
    return new SeriesExamples(ordered, from, labels, shape());
  }
}
