package io.dlion.core.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A part of an update. All parts of a step are asked for one block after the other, each block once
 * and in ascending order, so that the model goes through the cache once for all of them.
 */
@FunctionalInterface
public interface Part {
  /** Adds its entries number {@code at} to {@code at + count} to the first ones of a block. */
  void addTo(int at, int count, float[] block);

  /** {@code factor · values}. */
  static Part of(MemorySegment values, float factor) {
    float[] block = new float[(int) Math.min(Blocks.BLOCK, values.byteSize() / 4)];
    return (at, count, update) -> {
      Blocks.read(values, at, count, block);
      Blocks.addScaled(block, count, factor, update);
    };
  }

  /** A sum that begins again at zero once it was added. */
  static Part taking(float[] sum) {
    float[] block = new float[Math.min(Blocks.BLOCK, sum.length)];
    return (at, count, update) -> {
      System.arraycopy(sum, at, block, 0, count);
      Blocks.addScaled(block, count, 1f, update);
      Arrays.fill(sum, at, at + count, 0f);
    };
  }
}
