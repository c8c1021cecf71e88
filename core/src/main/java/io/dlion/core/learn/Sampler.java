package io.dlion.core.learn;

import java.util.SplittableRandom;

/**
 * The order in which a worker goes through its examples: every example once per local epoch, in a
 * new random order each time. A pure function of seed and position, so that a run goes on after a
 * restart exactly where it was. Not thread safe.
 */
public final class Sampler {
  private final int count;
  private final long seed;
  private final int[] order;
  private long epoch = -1;

  /** A sampler over {@code count} examples; of none, nothing can be drawn. */
  public Sampler(int count, long seed) {
    this.count = count;
    this.seed = seed;
    this.order = new int[count];
  }

  /**
   * Fills {@code rows} with the {@code size} examples that follow the first {@code position} ones
   * drawn.
   */
  public void draw(long position, int size, int[] rows) {
    if (count == 0 && size > 0) {
      throw new IllegalStateException("no examples to draw from");
    }
    for (int i = 0; i < size; i++) {
      long at = position + i;
      shuffleFor(at / count);
      rows[i] = order[(int) (at % count)];
    }
  }

  private void shuffleFor(long wanted) {
    if (wanted == epoch) {
      return;
    }
    epoch = wanted;
    SplittableRandom random = new SplittableRandom(Seeds.derive(seed, epoch));
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
  }
}
