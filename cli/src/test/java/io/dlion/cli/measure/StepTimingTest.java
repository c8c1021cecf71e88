package io.dlion.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.calibrate.TimedLearner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepTimingTest {
  private static final long SECOND = 1_000_000_000L;

  private long now;
  private final List<Integer> computed = new ArrayList<>();

  private StepTiming.Timed timed(long nanosPerSample, int sizeMin) {
    TimedLearner learner =
        (_, size) -> {
          now += nanosPerSample * size;
          computed.add(size);
        };
    return new StepTiming(learner, new TimedLearner.Unseen(100), sizeMin, () -> now)
        .within(10 * SECOND);
  }

  @Test
  void aFastMachineIsWarmedUpAndTimesTwentyOfEachSize() {
    StepTiming.Timed timed = timed(1_000_000, 1);
    assertThat(computed.subList(0, 40)).containsOnly(16);
    assertThat(timed.sizes()).containsExactly(4, 8, 16, 32, 64);
    assertThat(timed.seconds()).allMatch(all -> all.size() == 20);
    assertThat(timed.seconds().get(3)).containsOnly(0.032);
    assertThat(timed.gradients()).isEqualTo(100);
  }

  @Test
  void aSlowMachineTimesAFewOfTheSmallSizesAndEnds() {
    // A second a sample: 4 gradients of 4 samples take 16 s of the 10 that there are.
    StepTiming.Timed timed = timed(SECOND, 1);
    assertThat(computed.subList(0, 2)).containsOnly(16);
    assertThat(computed.get(2)).isEqualTo(4);
    assertThat(timed.sizes()).containsExactly(4, 8);
    assertThat(timed.seconds()).containsExactly(List.of(4.0, 4.0, 4.0), List.of(8.0, 8.0, 8.0));
  }

  @Test
  void batchesAreNotSmallerThanTheModelLearnsFrom() {
    assertThat(timed(1_000_000, 5).sizes()).containsExactly(8, 16, 32, 64);
  }
}
