package io.dlion.data.generated;

import io.dlion.core.learn.Seeds;
import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.Source;
import io.dlion.data.partition.Dirichlet;
import io.dlion.data.partition.Shuffle;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.Table;
import io.dlion.data.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * {@code generated:drifting}: five round clouds of points, one for each class, which a linear model
 * parts well. A concept says which cloud is which class; the clouds stay where they are. So the
 * inputs look the same before and after a drift, and what was learned of them is wrong. From one
 * concept to the next, every cloud changes its class. The same seed gives the same bits on every
 * machine. Immutable, thread safe.
 */
public final class DriftingTable {
  /** Numbers of a row. */
  public static final int FEATURES = 20;

  static final int CLASSES = 5;

  private static final int TRAIN_ROWS = 3_000;
  private static final int TEST_ROWS = 600;
  private static final double DEVIATION = 0.7;

  private static final CsvSchema SCHEMA = schema();

  private final String name;
  private final long seed;
  private final double[][] centres = new double[CLASSES][FEATURES];

  /** The clouds of a seed. */
  public DriftingTable(String name, long seed) {
    this.name = name;
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(Seeds.derive(seed, "clouds"));
    for (double[] centre : centres) {
      for (int f = 0; f < FEATURES; f++) {
        centre[f] = 2 * random.nextDouble() - 1;
      }
    }
  }

  private static CsvSchema schema() {
    List<String> names = new ArrayList<>();
    List<CsvColumn> columns = new ArrayList<>();
    for (int f = 1; f <= FEATURES; f++) {
      names.add("x" + f);
      columns.add(new CsvColumn.Numeric());
    }
    names.add("y");
    columns.add(
        new CsvColumn.Category(
            IntStream.range(0, CLASSES).mapToObj(c -> "group " + (char) ('A' + c)).toList()));
    return new CsvSchema(names, columns, FEATURES);
  }

  /** Rows of concept 0, as a data set to begin with: none of them is in a stream. */
  public DataSet dataSet(DataOptions options) {
    return Tables.dataSet(
        name,
        table("train", TRAIN_ROWS),
        Optional.of(table("test", TEST_ROWS)),
        SCHEMA,
        0,
        Contents.Table.of(SCHEMA),
        source(),
        options);
  }

  /** The rows to judge by, the same that {@link #dataSet} has. */
  public GeneratedTables.Tested test() {
    return new GeneratedTables.Tested(table("test", TEST_ROWS), SCHEMA, 0, source());
  }

  /** Means and deviations, as {@link #dataSet} measures them. */
  TablePreprocessing preprocessing() {
    int[] all = IntStream.range(0, TRAIN_ROWS).toArray();
    return TablePreprocessing.of(SCHEMA, 0, table("train", TRAIN_ROWS), all);
  }

  private Source source() {
    return Source.of("drawn from seed " + seed);
  }

  private Table table(String part, int rows) {
    SplittableRandom random = new SplittableRandom(Seeds.derive(seed, part));
    int[] classes = classes(0);
    Table table = new Table(name, rows, FEATURES);
    for (int row = 0; row < rows; row++) {
      int cloud = draw(table.features, row * FEATURES, random);
      table.labels[row] = classes[cloud];
    }
    return table;
  }

  /** Draws a point, and returns which cloud it belongs to. */
  int draw(double[] into, int offset, SplittableRandom random) {
    int cloud = random.nextInt(CLASSES);
    for (int f = 0; f < FEATURES; f++) {
      into[offset + f] = centres[cloud][f] + DEVIATION * Dirichlet.normal(random);
    }
    return cloud;
  }

  /**
   * The class of each cloud in a concept. Concepts with odd numbers are drawn freely. Those with
   * even numbers are drawn until they agree with neither neighbour about any cloud, so that no
   * concept depends on more than two others.
   */
  int[] classes(long concept) {
    SplittableRandom random = new SplittableRandom(Seeds.derive(seed, concept));
    int[] classes = Shuffle.of(CLASSES, random);
    if (concept % 2 == 0) {
      int[] before = concept == 0 ? new int[0] : classes(concept - 1);
      int[] after = classes(concept + 1);
      while (agree(classes, before) || agree(classes, after)) {
        classes = Shuffle.of(CLASSES, random);
      }
    }
    return classes;
  }

  private static boolean agree(int[] some, int[] others) {
    return IntStream.range(0, Math.min(some.length, others.length))
        .anyMatch(i -> some[i] == others[i]);
  }

  /** Whether an encoding is one of these rows. */
  static boolean isOf(TablePreprocessing preprocessing) {
    return preprocessing.schema().equals(SCHEMA) && preprocessing.steps() == 0;
  }
}
