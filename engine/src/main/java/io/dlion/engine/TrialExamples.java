package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Made-up examples of a shape, to try a module with: inputs in [0, 1), which are also numbers that
 * a module may take the logarithm of or look up in an embedding; or symbols of the vocabulary. Row
 * numbers are seeds. Immutable.
 */
record TrialExamples(ExampleShape shape) implements Examples {
  @Override
  public int count() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    int in = shape.inputElements();
    for (int i = 0; i < size; i++) {
      SplittableRandom random = new SplittableRandom(rows[i]);
      for (long at = (long) i * in; at < (long) (i + 1) * in; at++) {
        if (shape.kind() == Kind.NEXT_SYMBOL) {
          inputs.setAtIndex(ValueLayout.JAVA_LONG, at, random.nextInt(shape.outputs()));
        } else {
          inputs.setAtIndex(ValueLayout.JAVA_FLOAT, at, random.nextInt(1 << 24) * 0x1p-24f);
        }
      }
    }
    targets
        .asSlice(0, (long) size * shape.targetElements() * shape.targetElementBytes())
        .fill((byte) 0); // class 0, symbol 0, or the real number 0
  }

  @Override
  public int label(int row) {
    return shape.kind() == Kind.CLASSIFICATION ? 0 : -1;
  }
}
