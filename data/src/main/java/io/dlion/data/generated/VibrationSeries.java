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

/**
 * {@code generated:vibration}: what a sensor on a machine may measure, to tell at which of ten
 * speeds it turns. An example is {@value #STEPS} steps of one number: two waves of nearly that
 * speed, and noise. Each wave is modulated in amplitude, has a phase and an amplitude of its own,
 * and its speed fluctuates from step to step. So the mean of every class is zero at every step, and
 * no wave stays in phase with a linear filter for long: a linear model gets about a quarter right.
 * The same seed gives the same bits on every machine.
 */
public final class VibrationSeries {
  /** Steps of an example. */
  public static final int STEPS = 100;

  private static final int TRAIN_COUNT = 3_000;
  private static final int TEST_COUNT = 600;

  private static final int CLASSES = 10;

  /** Cycles of the slowest class in the steps of an example, and how many more the next one has. */
  private static final double SLOWEST = 4;

  private static final double APART = 4.5;

  /** Cycles that the second wave has more. */
  private static final double SECOND = 2;

  /** A wave has as many cycles more or fewer. */
  private static final double DEVIATION = 0.5;

  /** Standard deviation of what a step turns a wave more or less, in radians. */
  private static final double FLUCTUATION = 0.5;

  private static final double NOISE = 0.2;

  private final String name;
  private final long seed;
  private final CsvSchema schema;

  /** The series of a seed. */
  public VibrationSeries(String name, long seed) {
    this.name = name;
    this.seed = seed;
    List<String> classes = new ArrayList<>();
    for (int c = 0; c < CLASSES; c++) {
      classes.add("speed " + (char) ('A' + c));
    }
    this.schema =
        new CsvSchema(
            List.of("acceleration", "state"),
            List.of(new CsvColumn.Numeric(), new CsvColumn.Category(classes)),
            1);
  }

  /** All series as a data set. */
  public DataSet dataSet(DataOptions options) {
    SplittableRandom seeds = new SplittableRandom(seed);
    Table train = table(TRAIN_COUNT, seeds.split());
    Table test = table(TEST_COUNT, seeds.split());
    return Tables.dataSet(
        name,
        train,
        Optional.of(test),
        schema,
        STEPS,
        Contents.Table.of(schema),
        source(),
        options);
  }

  /** Those to judge by, the same that {@link #dataSet} has. */
  public GeneratedTables.Tested test() {
    SplittableRandom seeds = new SplittableRandom(seed);
    seeds.split();
    return new GeneratedTables.Tested(table(TEST_COUNT, seeds.split()), schema, STEPS, source());
  }

  private Source source() {
    return Source.of("drawn from seed " + seed);
  }

  /** Classes by turns, a row for each step. */
  private Table table(int count, SplittableRandom random) {
    Table table = new Table(name, (long) count * STEPS, 1);
    for (int example = 0; example < count; example++) {
      int label = example % CLASSES;
      int from = example * STEPS;
      for (int t = 0; t < STEPS; t++) {
        table.labels[from + t] = label;
        table.features[from + t] = NOISE * Dirichlet.normal(random);
      }
      double speed = SLOWEST + APART * label;
      addWave(table.features, from, speed, random);
      addWave(table.features, from, speed + SECOND, random);
    }
    return table;
  }

  private static void addWave(double[] values, int from, double speed, SplittableRandom random) {
    double turn = 2 * Math.PI / STEPS;
    double step = turn * (speed + between(-DEVIATION, DEVIATION, random));
    double phase = between(0, 2 * Math.PI, random);
    double amplitude = between(0.7, 1.3, random);
    double depth = between(0.2, 0.5, random);
    double modulationStep = turn * between(0.5, 1.5, random);
    double modulationPhase = between(0, 2 * Math.PI, random);
    for (int t = 0; t < STEPS; t++) {
      phase += step + FLUCTUATION * Dirichlet.normal(random);
      double modulation = 1 + depth * StrictMath.sin(modulationStep * t + modulationPhase);
      values[from + t] += amplitude * modulation * StrictMath.sin(phase);
    }
  }

  private static double between(double low, double high, SplittableRandom random) {
    return low + (high - low) * random.nextDouble();
  }
}
