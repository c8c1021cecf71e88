package io.dlion.data.partition;

import java.util.SplittableRandom;

/** Random orders. */
public final class Shuffle {
  private Shuffle() {}

  /** The numbers from 0 below {@code count} in random order (Fisher and Yates). */
  public static int[] of(int count, SplittableRandom random) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Reorders {@code values} at random. */
  static void inPlace(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
