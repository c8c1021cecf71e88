package io.dlion.data.generated;

import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.Source;
import io.dlion.data.partition.Dirichlet;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.Table;
import io.dlion.data.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** {@code generated:blobs} and {@code generated:waves}: small tables, the same on every machine. */
public final class GeneratedTables {
  private static final int TRAIN_ROWS = 3_000;
  private static final int TEST_ROWS = 600;
  private static final int FEATURES = 8;
  private static final int CLASSES = 5;
  private static final int BLOBS_PER_CLASS = 3;
  private static final double BLOB_DEVIATION = 0.45;
  private static final int WAVES = 6;
  private static final double WAVE_NOISE = 0.1;

  private final String name;
  private final long seed;
  private final RowMaker maker;
  private final CsvSchema schema;
  private final SplittableRandom random;

  private GeneratedTables(
      String name, long seed, RowMaker maker, CsvColumn label, SplittableRandom random) {
    this.name = name;
    this.seed = seed;
    this.maker = maker;
    this.schema = schema(label);
    this.random = random;
  }

  /** Fills a row of a table. */
  private interface RowMaker {
    void make(int row, Table into, SplittableRandom random);
  }

  /**
   * Classes of three round clouds each, in places that are no neighbours: a linear model cannot
   * part them all.
   */
  public static GeneratedTables blobs(String name, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] centres = new double[CLASSES * BLOBS_PER_CLASS][FEATURES];
    for (double[] centre : centres) {
      for (int f = 0; f < FEATURES; f++) {
        centre[f] = 2 * random.nextDouble() - 1;
      }
    }
    RowMaker maker =
        (row, table, r) -> {
          int blob = r.nextInt(centres.length);
          table.labels[row] = blob % CLASSES;
          for (int f = 0; f < FEATURES; f++) {
            table.features[row * FEATURES + f] =
                centres[blob][f] + BLOB_DEVIATION * Dirichlet.normal(r);
          }
        };
    List<String> classes =
        IntStream.range(0, CLASSES).mapToObj(c -> "blobs " + (char) ('A' + c)).toList();
    return new GeneratedTables(name, seed, maker, new CsvColumn.Category(classes), random);
  }

  /** A sum of waves over the features, and some noise: a linear model explains little of it. */
  public static GeneratedTables waves(String name, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] directions = new double[WAVES][FEATURES + 1];
    for (double[] direction : directions) {
      for (int f = 0; f <= FEATURES; f++) {
        direction[f] = 2 * random.nextDouble() - 1;
      }
    }
    RowMaker maker =
        (row, table, r) -> {
          int at = row * FEATURES;
          for (int f = 0; f < FEATURES; f++) {
            table.features[at + f] = 2 * r.nextDouble() - 1;
          }
          table.labels[row] = WAVE_NOISE * Dirichlet.normal(r);
          for (double[] direction : directions) {
            double phase = 3 * direction[FEATURES];
            for (int f = 0; f < FEATURES; f++) {
              phase += 2 * direction[f] * table.features[at + f];
            }
            table.labels[row] += StrictMath.sin(phase);
          }
        };
    return new GeneratedTables(name, seed, maker, new CsvColumn.Numeric(), random);
  }

  /** Both tables; can be called once. */
  public DataSet dataSet(DataOptions options) {
    Table train = table(name, TRAIN_ROWS, maker, random.split());
    Table test = table(name, TEST_ROWS, maker, random.split());
    return Tables.dataSet(
        name, train, Optional.of(test), schema, 0, Contents.Table.of(schema), source(), options);
  }

  /**
   * Rows to judge a model by.
   *
   * @param schema what they look like
   * @param window rows of an example; 0: each row is one
   * @param source where they come from
   */
  public record Tested(Table table, CsvSchema schema, int window, Source source) {}

  /** The table to judge by, the same that {@link #dataSet} has; can be called once. */
  public Tested test() {
    random.split();
    return new Tested(table(name, TEST_ROWS, maker, random.split()), schema, 0, source());
  }

  private Source source() {
    return Source.of("drawn from seed " + seed);
  }

  private static CsvSchema schema(CsvColumn label) {
    List<String> names = new ArrayList<>();
    List<CsvColumn> columns = new ArrayList<>();
    for (int f = 1; f <= FEATURES; f++) {
      names.add("x" + f);
      columns.add(new CsvColumn.Numeric());
    }
    names.add("y");
    columns.add(label);
    return new CsvSchema(names, columns, FEATURES);
  }

  private static Table table(String name, int rows, RowMaker maker, SplittableRandom random) {
    Table table = new Table(name, rows, FEATURES);
    for (int row = 0; row < rows; row++) {
      maker.make(row, table, random);
    }
    return table;
  }
}
