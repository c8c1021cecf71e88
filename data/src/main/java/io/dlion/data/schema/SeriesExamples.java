package io.dlion.data.schema;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Time series of standardised numbers [steps, features] with a class or a standardised target each.
 * A series with fewer rows begins with zeros, which are the means, so that its last row is the last
 * step; of a longer one the last rows are taken. Rows are kept once, without zeros. Immutable,
 * thread safe.
 */
public final class SeriesExamples implements Examples {
  /** Rows of all series one after the other. */
  private final float[] features;

  /** Row with which each series begins, and where the last one ends. */
  private final int[] from;

  /** Classes as they are (whole numbers below 2^24 are exact), or targets. */
  private final float[] labels;

  private final ExampleShape shape;

  /** Keeps the arrays, which must not change. */
  public SeriesExamples(float[] features, int[] from, float[] labels, ExampleShape shape) {
    this.features = features;
    this.from = from;
    this.labels = labels;
    this.shape = shape;
  }

  @Override
  public int count() {
    return labels.length;
  }

  @Override
  public ExampleShape shape() {
    return shape;
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    int steps = shape.input().get(0);
    int width = shape.input().get(1);
    int elements = steps * width;
    for (int i = 0; i < size; i++) {
      int end = from[rows[i] + 1];
      int used = Math.min(steps, end - from[rows[i]]) * width;
      long at = 4L * elements * i;
      long zeros = 4L * (elements - used);
      inputs.asSlice(at, zeros).fill((byte) 0);
      MemorySegment.copy(
          features, end * width - used, inputs, ValueLayout.JAVA_FLOAT_UNALIGNED, at + zeros, used);
      if (shape.kind() == Kind.REGRESSION) {
        targets.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, labels[rows[i]]);
      } else {
        targets.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, (long) labels[rows[i]]);
      }
    }
  }

  @Override
  public int label(int row) {
    return shape.kind() == Kind.REGRESSION ? -1 : (int) labels[row];
  }
}
