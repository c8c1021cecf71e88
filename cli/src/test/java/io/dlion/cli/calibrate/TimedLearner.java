package io.dlion.cli.calibrate;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import java.lang.foreign.MemorySegment;

/** A learner whose gradients only take time, by a clock of the test's. */
@FunctionalInterface
public interface TimedLearner extends Learner {
  /** A gradient of so many samples is computed, of these rows. */
  void passes(int[] rows, int size);

  @Override
  default double gradient(Examples examples, int[] rows, int size, long seed) {
    passes(rows, size);
    return 0;
  }

  @Override
  default ParameterLayout parameters() {
    throw new UnsupportedOperationException();
  }

  @Override
  default ParameterLayout bufferLayout() {
    throw new UnsupportedOperationException();
  }

  @Override
  default MemorySegment weights() {
    throw new UnsupportedOperationException();
  }

  @Override
  default MemorySegment gradient() {
    throw new UnsupportedOperationException();
  }

  @Override
  default MemorySegment buffers() {
    throw new UnsupportedOperationException();
  }

  @Override
  default Evaluation evaluate(Examples examples) {
    throw new UnsupportedOperationException();
  }

  @Override
  default void close() {}

  /**
   * Examples that nobody looks at.
   *
   * @param count how many
   */
  record Unseen(int count) implements Examples {
    @Override
    public ExampleShape shape() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int label(int row) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
      throw new UnsupportedOperationException();
    }
  }
}
