package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.partition.Shuffle;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Rows to learn from and rows to judge by, where the files have no test set: a tenth, at least one,
 * chosen by a seed and kept in the order of the file. Both ascending.
 */
public final class HoldOut {
  /** Indices of the examples to learn from. */
  public final int[] train;

  /** Indices of the examples to judge by. */
  public final int[] test;

  private HoldOut(int[] train, int[] test) {
    this.train = train;
    this.test = test;
  }

  /** Everything to learn from, for files that have a test set. */
  public static HoldOut none(int count) {
    return new HoldOut(IntStream.range(0, count).toArray(), new int[0]);
  }

  /** Holds out a random tenth, the same for the same seed. */
  public static HoldOut random(String name, int count, long seed) {
    int[] rows = Shuffle.of(count, new SplittableRandom(seed));
    int held = held(name, count);
    int[] test = Arrays.copyOf(rows, held);
    int[] train = Arrays.copyOfRange(rows, held, count);
    Arrays.sort(test);
    Arrays.sort(train);
    return new HoldOut(train, test);
  }

  /** How many of {@code count} are held out. */
  static int held(String name, int count) {
    if (count < 2) {
      throw new UserError(
          Phrase.of(
              "%s: expected at least 2 examples, one to learn from and one to test with, found %d",
              name, count));
    }
    return Math.max(1, count / 10);
  }
}
