package io.dlion.core.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Polynomial-decay averaging of iterates (Shamir &amp; Zhang, ICML '13, section 4): after step t,
 *
 * <pre>  a ← (1 − c)·a + c·w,   c = (γ + 1) / (t + γ)</pre>
 *
 * so that about the newest 1/γ of all steps count, however many there have been. Not thread safe.
 */
public final class RunningAverage {
  private final float gamma;
  private final float[] average;
  private final float[] block = new float[Blocks.BLOCK];
  private final float[] mean = new float[Blocks.BLOCK];

  /** An average of {@code size} floats. */
  public RunningAverage(int size, int gamma) {
    this.gamma = gamma;
    this.average = new float[size];
  }

  /** Takes in the values after step {@code t}, counted from 1. */
  public void add(MemorySegment values, long t) {
    float share = (gamma + 1) / (t + gamma);
    for (int at = 0; at < average.length; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, average.length - at);
      Blocks.read(values, at, count, block);
      System.arraycopy(average, at, mean, 0, count);
      blend(block, count, share, mean);
      System.arraycopy(mean, 0, average, at, count);
    }
  }

  private static void blend(float[] from, int count, float share, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] += share * (from[i] - to[i]);
    }
  }

  /** The average; the same memory always. */
  public MemorySegment values() {
    return MemorySegment.ofArray(average);
  }
}
