package io.dlion.data.generated;

import io.dlion.core.Phrase;
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
 * {@code generated:vibration}: what a sensor on a machine with two rotating parts may measure, to
 * tell at which two of five speeds they turn: ten classes. An example is {@value #STEPS} steps of
 * one number, the sum of two waves and noise. Each wave is modulated in amplitude, and has a phase,
 * an amplitude and a deviation from its speed of its own. Since the phases are random, the mean of
 * every class is zero at every step, and since every speed occurs in four classes, no linear filter
 * tells one from the others: a linear model is near chance. The same seed gives the same bits on
 * every machine.
 */
public final class VibrationSeries {
  /** Steps of an example. */
  public static final int STEPS = 100;

  private static final int TRAIN_COUNT = 3_000;
  private static final int TEST_COUNT = 600;

  /** Cycles in the steps of an example. */
  private static final double[] SPEEDS = {5, 14, 23, 32, 41};

  /** A wave has as many cycles more or fewer. */
  private static final double DEVIATION = 0.5;

  private static final double NOISE = 0.1;

  private final String name;
  private final long seed;
  private final CsvSchema schema;
  private final List<int[]> pairs = new ArrayList<>();

  /** The series of a seed. */
  public VibrationSeries(String name, long seed) {
    this.name = name;
    this.seed = seed;
    List<String> classes = new ArrayList<>();
    for (int first = 0; first < SPEEDS.length; first++) {
      for (int second = first + 1; second < SPEEDS.length; second++) {
        pairs.add(new int[] {first, second});
        classes.add(Phrase.of("speeds %d and %d", first + 1, second + 1));
      }
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
      int label = example % pairs.size();
      int from = example * STEPS;
      for (int t = 0; t < STEPS; t++) {
        table.labels[from + t] = label;
        table.features[from + t] = NOISE * Dirichlet.normal(random);
      }
      for (int speed : pairs.get(label)) {
        addWave(table.features, from, SPEEDS[speed], random);
      }
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
      double modulation = 1 + depth * StrictMath.sin(modulationStep * t + modulationPhase);
      values[from + t] += amplitude * modulation * StrictMath.sin(step * t + phase);
    }
  }

  private static double between(double low, double high, SplittableRandom random) {
    return low + (high - low) * random.nextDouble();
  }
}
