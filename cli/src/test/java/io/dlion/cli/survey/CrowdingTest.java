package io.dlion.cli.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.cluster.survey.StepFacts;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrowdingTest {
  private static StepFacts steps(double alpha, double beta) {
    return new StepFacts("cnn", 325_000, alpha, beta, 0.1, 100);
  }

  /** 32 samples in 1 s, and in so many times as long. */
  private static List<StepFacts> workers(double... longer) {
    return Arrays.stream(longer).mapToObj(x -> steps(0.36 * x, 0.02 * x)).toList();
  }

  @Test
  void coresThatDoNotDisturbEachOtherTakeNoLonger() {
    assertThat(Crowding.slowdown(workers(1, 1), workers(1, 1), 2, 2)).isEqualTo(1);
    assertThat(Crowding.slowdown(workers(1, 1), workers(0.9, 1), 2, 2)).isEqualTo(1);
  }

  @Test
  void itIsWhatWaitingForACoreDoesNotExplain() {
    assertThat(Crowding.slowdown(workers(1, 2), workers(1.3, 3), 2, 2))
        .isCloseTo(1.4, within(1e-9));
    // Three on two cores take 1.5 times as long in any case.
    assertThat(Crowding.slowdown(workers(1, 1, 1), workers(2.1, 2.1, 2.1), 3, 2))
        .isCloseTo(1.4, within(1e-9));
    assertThat(Crowding.slowdown(workers(1, 1), workers(2, 2), 2, 1)).isEqualTo(1);
  }

  @Test
  void ofMoreCoresThanWereBusyItIsTakenToGrowWithTheirNumber() {
    assertThat(Crowding.slowdown(workers(1, 1), workers(1.2, 1.2), 2, 4))
        .isCloseTo(1.6, within(1e-9));
    assertThat(Crowding.slowdown(workers(1, 1), workers(9, 9), 2, 64)).isEqualTo(10);
  }
}
