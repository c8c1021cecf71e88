package io.dlion.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepClockTest {
  private long now;
  private final List<Integer> computed = new ArrayList<>();

  /** Takes a second per sample, and an hour for the first batch of a size. */
  private void slow(int[] rows, int size) {
    assertThat(Arrays.stream(rows).limit(size)).hasSize(size).allMatch(row -> row >= 0 && row < 3);
    now += 1_000_000_000L * (computed.contains(size) ? size : 3600);
    computed.add(size);
  }

  @Test
  void theFirstGradientOfEachSizeIsNotTimed() {
    TimedLearner learner = this::slow;
    StepClock clock = new StepClock(learner, new TimedLearner.Unseen(3), () -> now);
    assertThat(clock.time(List.of(2, 5), 3))
        .containsExactly(List.of(2.0, 2.0, 2.0), List.of(5.0, 5.0, 5.0));
    assertThat(computed).containsExactly(2, 2, 2, 2, 5, 5, 5, 5);
  }
}
