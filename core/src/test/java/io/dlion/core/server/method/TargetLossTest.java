package io.dlion.core.server.method;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A target loss that training never comes down to is told of, once. */
class TargetLossTest {
  private static final WorkerId CLIENT = new WorkerId("w1");
  private static final long SECOND = 1_000_000_000L;

  private double loss = 2;

  private final Clients clients =
      new Clients() {
        @Override
        public SortedSet<WorkerId> ids() {
          return new TreeSet<>(List.of(CLIENT));
        }

        @Override
        public long commits(WorkerId client) {
          return 1;
        }

        @Override
        public double stepsPerSecond(WorkerId client) {
          return 1;
        }

        @Override
        public double loss() {
          return loss;
        }
      };

  /** Training whose loss falls from 2 to 1 and no further. */
  private List<String> told(double target) {
    Adsp method =
        new Adsp(new Adsp.Times(10 * SECOND, SECOND, 170 * SECOND, 10 * SECOND), target, 0, 0.3);
    List<String> told = new ArrayList<>();
    method.begun(clients, 0);
    for (long second = 1; second <= 60; second++) {
      loss = 1 + 1.0 / (1 + 0.2 * second);
      method.committed(CLIENT, clients, second * SECOND);
      if (second * SECOND >= method.wakeAtNanos().orElse(Long.MAX_VALUE)) {
        method.wokeUp(clients, second * SECOND);
      }
      method.notice().ifPresent(told::add);
    }
    return told;
  }

  @Test
  void belowWhatTheCurveCanReachItIsToldOnce() {
    assertThat(told(0.01))
        .singleElement()
        .asString()
        .startsWith(
            "adsp.target-loss: the target loss of 0.01000 is below what the curve can reach")
        .contains("by how fast the loss falls instead");
  }

  @Test
  void aTargetThatCanBeReachedOrWasNotGivenIsNothingToTell() {
    assertThat(told(1.2)).isEmpty();
    assertThat(told(Double.NaN)).isEmpty();
  }
}
