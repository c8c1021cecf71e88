package io.dlion.data;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Examples that are nothing but labels: row i has class {@code i % classes}. */
public record Labels(int count, Kind kind, int classes) implements Examples {
  @Override
  public ExampleShape shape() {
    return new ExampleShape(List.of(1), kind, classes);
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    throw new UnsupportedOperationException("nothing to copy");
  }

  @Override
  public int label(int row) {
    return kind == Kind.CLASSIFICATION ? row % classes : -1;
  }
}
