package io.dlion.data.record;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;

/** No examples yet: those of a shape will come by a stream. */
record NoExamples(ExampleShape shape) implements Examples {
  @Override
  public int count() {
    return 0;
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    if (size > 0) {
      throw new IndexOutOfBoundsException("there are no examples");
    }
  }

  @Override
  public int label(int row) {
    throw new IndexOutOfBoundsException("there are no examples");
  }
}
