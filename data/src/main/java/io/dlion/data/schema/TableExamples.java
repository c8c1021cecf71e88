package io.dlion.data.schema;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows of standardised numbers with a class or a standardised target each. Immutable, thread safe.
 */
public final class TableExamples implements Examples {
  private final float[] features;

  /** Classes as they are (whole numbers below 2^24 are exact), or targets. */
  private final float[] labels;

  private final int width;
  private final ExampleShape shape;

  /** Keeps the arrays, which must not change. */
  public TableExamples(float[] features, float[] labels, ExampleShape shape) {
    this.features = features;
    this.labels = labels;
    this.width = shape.inputElements();
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
    boolean regression = shape.kind() == Kind.REGRESSION;
    for (int i = 0; i < size; i++) {
      int row = rows[i];
      MemorySegment.copy(
          features, row * width, inputs, ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * width * i, width);
      if (regression) {
        targets.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, labels[row]);
      } else {
        targets.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, (long) labels[row]);
      }
    }
  }

  @Override
  public int label(int row) {
    return shape.kind() == Kind.REGRESSION ? -1 : (int) labels[row];
  }
}
