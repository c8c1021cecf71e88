package io.dlion.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepClockTest {
  private long now;
  private final List<Integer> computed = new ArrayList<>();

  /** Takes a second per sample, and an hour for the first batch of a size. */
  private final class Slow implements Learner {
    @Override
    public double gradient(Examples examples, int[] rows, int size, long seed) {
      assertThat(Arrays.stream(rows).limit(size))
          .hasSize(size)
          .allMatch(row -> row >= 0 && row < 3);
      now += 1_000_000_000L * (computed.contains(size) ? size : 3600);
      computed.add(size);
      return 0;
    }

    @Override
    public ParameterLayout parameters() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ParameterLayout bufferLayout() {
      throw new UnsupportedOperationException();
    }

    @Override
    public MemorySegment weights() {
      throw new UnsupportedOperationException();
    }

    @Override
    public MemorySegment gradient() {
      throw new UnsupportedOperationException();
    }

    @Override
    public MemorySegment buffers() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Evaluation evaluate(Examples examples) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static final class Three implements Examples {
    @Override
    public int count() {
      return 3;
    }

    @Override
    public ExampleShape shape() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int label(int row) {
      return -1;
    }
  }

  @Test
  void theFirstGradientOfEachSizeIsNotTimed() {
    StepClock clock = new StepClock(new Slow(), new Three(), () -> now);
    assertThat(clock.time(List.of(2, 5), 3))
        .containsExactly(List.of(2.0, 2.0, 2.0), List.of(5.0, 5.0, 5.0));
    assertThat(computed).containsExactly(2, 2, 2, 2, 5, 5, 5, 5);
  }
}
