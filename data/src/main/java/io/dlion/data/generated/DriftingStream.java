package io.dlion.data.generated;

import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Seeds;
import io.dlion.core.stream.DriftSchedule;
import io.dlion.data.preprocessing.Standard;
import io.dlion.data.preprocessing.TablePreprocessing;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An endless stream of records like those of {@code generated:drifting}, whose concept changes by a
 * schedule. A record is a pure function of the seed, the site and its number, so that a stream can
 * go on anywhere. Confined to one thread.
 */
public final class DriftingStream {
  private final DriftingTable table;
  private final long recordSeed;
  private final DriftSchedule schedule;
  private final TablePreprocessing preprocessing;
  private final double[] values = new double[DriftingTable.FEATURES];

  /** The classes of two concepts: those with even and those with odd numbers. */
  private final long[] knownConcepts = {-1, -1};

  private final int[][] knownClasses = new int[2][];

  /** The stream of site 0, encoded as the data set of this seed is. */
  public DriftingStream(long seed, DriftSchedule schedule) {
    this(seed, 0, schedule, new DriftingTable(DriftingAddress.NAME, seed).preprocessing());
  }

  /**
   * A stream in a given encoding.
   *
   * @param seed of the run: all sites with one seed see the same concepts
   * @param site sites with different numbers get different records
   * @param schedule in records
   * @param preprocessing what the data set of this name, or the cluster, encodes records by
   * @throws UserError where the encoding is for other columns
   */
  public DriftingStream(
      long seed, long site, DriftSchedule schedule, TablePreprocessing preprocessing) {
    if (!DriftingTable.isOf(preprocessing)) {
      throw new UserError(
          DriftingAddress.NAME
              + ": expected training data with its own columns x1 to x20 and y, found "
              + String.join(", ", preprocessing.schema().names())
              + "; use --data "
              + DriftingAddress.NAME);
    }
    this.table = new DriftingTable(DriftingAddress.NAME, seed);
    this.recordSeed = Seeds.derive(Seeds.derive(seed, "records"), site);
    this.schedule = schedule;
    this.preprocessing = preprocessing;
  }

  /** What each example looks like. */
  public ExampleShape shape() {
    return preprocessing.shape();
  }

  /**
   * The example with a number: its input and then its target, as {@link
   * io.dlion.core.learn.ExampleShape.Kind} says. A new segment on the heap.
   *
   * @param number at least 0
   */
  public MemorySegment next(long number) {
    SplittableRandom random = random(number);
    long concept = schedule.concept(number, random.nextDouble());
    int cloud = table.draw(values, 0, random);
    List<Standard> standards = preprocessing.features();
    MemorySegment example = MemorySegment.ofArray(new byte[4 * values.length + 8]);
    for (int f = 0; f < values.length; f++) {
      example.set(
          ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * f, standards.get(f).standardised(values[f]));
    }
    example.set(ValueLayout.JAVA_LONG_UNALIGNED, 4L * values.length, classes(concept)[cloud]);
    return example;
  }

  /** The number of the concept that a record belongs to. */
  public long concept(long number) {
    return schedule.concept(number, random(number).nextDouble());
  }

  private SplittableRandom random(long number) {
    return new SplittableRandom(Seeds.derive(recordSeed, number));
  }

  private int[] classes(long concept) {
    int slot = (int) (concept % 2);
    if (knownConcepts[slot] != concept) {
      knownClasses[slot] = table.classes(concept);
      knownConcepts[slot] = concept;
    }
    return knownClasses[slot];
  }
}
