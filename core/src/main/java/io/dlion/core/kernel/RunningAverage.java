package io.dlion.core.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Polynomial-decay averaging of iterates (Shamir &amp; Zhang, ICML '13, section 4): with the
 * iterate number t,
 *
 * <pre>  a ← (1 − c)·a + c·w,   c = (γ + 1) / (t + γ)</pre>
 *
 * so that about the newest 1/γ of all steps count, however many there have been. Neighbouring steps
 * hardly differ: only every {@value #EVERY}th one is taken as an iterate, the first included, which
 * makes the average as good and costs that much less. Not thread safe.
 */
public final class RunningAverage {
  /** Steps for one iterate. */
  static final int EVERY = 4;

  private final float gamma;
  private final float[] average;
  private final float[] block = new float[Blocks.BLOCK];
  private final float[] mean = new float[Blocks.BLOCK];
  private long steps;

  /**
   * An average of nothing so far.
   *
   * @param size floats
   * @param gamma γ, above 0
   */
  public RunningAverage(int size, int gamma) {
    this.gamma = gamma;
    this.average = new float[size];
  }

  /** Another step has been taken, to these values. */
  public void stepped(MemorySegment values) {
    if (steps++ % EVERY == 0) {
      add(values, 1 + steps / EVERY);
    }
  }

  private void add(MemorySegment values, long iterate) {
    float share = (gamma + 1) / (iterate + gamma);
    for (int at = 0; at < average.length; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, average.length - at);
      Blocks.read(values, at, count, block);
      System.arraycopy(average, at, mean, 0, count);
      approach(block, count, share, mean);
      System.arraycopy(mean, 0, average, at, count);
    }
  }

  private static void approach(float[] values, int count, float share, float[] mean) {
    for (int i = 0; i < count; i++) {
      mean[i] += share * (values[i] - mean[i]);
    }
  }

  /** The next step is the first again. */
  public void restart() {
    steps = 0;
  }

  /** How many steps have been taken. */
  public long steps() {
    return steps;
  }

  /** The average, undefined before the first step; the same memory always. */
  public MemorySegment values() {
    return MemorySegment.ofArray(average);
  }

  /** Goes on with an average of so many steps. */
  public void restore(MemorySegment values, long newSteps) {
    values().copyFrom(values);
    steps = newSteps;
  }

  /** Exchanges the average and these values. */
  public void swap(MemorySegment values) {
    for (int at = 0; at < average.length; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, average.length - at);
      Blocks.read(values, at, count, block);
      System.arraycopy(average, at, mean, 0, count);
      System.arraycopy(block, 0, average, at, count);
      Blocks.write(mean, count, values, at);
    }
  }
}
