package io.dlion.emulator.check;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Examples that consist of nothing but their number, for {@link StubLearner}.
 *
 * @param count how many
 */
public record StubExamples(int count) implements Examples {
  private static final ExampleShape SHAPE =
      new ExampleShape(List.of(1), ExampleShape.Kind.CLASSIFICATION, 2);

  @Override
  public ExampleShape shape() {
    return SHAPE;
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    throw new UnsupportedOperationException("a stub learner needs no more than row numbers");
  }

  @Override
  public int label(int row) {
    return row % 2;
  }
}
