package io.dlion.core.exchange;

import io.dlion.core.wire.GradientSource;

/** Values waiting to be sent that can be searched for the largest without copying them first. */
interface Pending extends GradientSource {
  /**
   * Sets {@code marks[i]} to 1 if {@code |value| · inverse ≥ 1} for value number {@code offset +
   * i}, else to 0; zeros are never marked, even where {@code inverse} is infinite.
   */
  void mark(int offset, int count, float inverse, int[] marks);

  /** Copies the values number {@code offset + positions[i]}, the first {@code count} of them. */
  void pick(int offset, int[] positions, int count, float[] values);
}
