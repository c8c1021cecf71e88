package io.dlion.emulator.run;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Examples whose input says their class: a one at its place. For {@link ToyLearner}. */
record ToyExamples(int count) implements Examples {
  static final int CLASSES = 6;
  private static final ExampleShape SHAPE =
      new ExampleShape(List.of(CLASSES), ExampleShape.Kind.CLASSIFICATION, CLASSES);

  @Override
  public ExampleShape shape() {
    return SHAPE;
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < CLASSES; j++) {
        float value = j == label(rows[i]) ? 1 : 0;
        inputs.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * (i * CLASSES + j), value);
      }
      targets.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, label(rows[i]));
    }
  }

  @Override
  public int label(int row) {
    return row % CLASSES;
  }
}
