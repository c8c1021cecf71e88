package io.dlion.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.stream.DriftSchedule.Share;
import org.junit.jupiter.api.Test;

class DriftScheduleTest {
  @Test
  void nothingDriftsWhereNoneIsAskedFor() {
    assertThat(DriftSchedule.NONE.shares(1_000_000_007)).containsExactly(new Share(0, 1));
    assertThat(DriftSchedule.NONE.nextDrift(5)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aSuddenDriftReplacesTheConceptAtOnce() {
    DriftSchedule sudden = DriftSchedule.sudden(100);
    assertThat(sudden.concept(99, 0.999)).isEqualTo(0);
    assertThat(sudden.concept(100, 0)).isEqualTo(1);
    assertThat(sudden.shares(250)).containsExactly(new Share(2, 1));
    assertThat(sudden.nextDrift(99)).isEqualTo(100);
    assertThat(sudden.nextDrift(100)).isEqualTo(200);
  }

  @Test
  void aGradualDriftGrowsOverItsSpan() {
    DriftSchedule gradual = DriftSchedule.gradual(100, 40);
    assertThat(gradual.shares(99)).containsExactly(new Share(0, 1));
    assertThat(gradual.shares(110)).containsExactly(new Share(0, 0.75), new Share(1, 0.25));
    assertThat(gradual.shares(140)).containsExactly(new Share(1, 1));
    assertThat(gradual.concept(110, 0.24)).isEqualTo(1);
    assertThat(gradual.concept(110, 0.25)).isEqualTo(0);
    assertThat(gradual.shares(220)).containsExactly(new Share(1, 0.5), new Share(2, 0.5));
  }

  @Test
  void aRecurringConceptComesBack() {
    DriftSchedule recurring = DriftSchedule.recurring(10);
    assertThat(recurring.concept(9, 0.5)).isEqualTo(0);
    assertThat(recurring.concept(10, 0.5)).isEqualTo(1);
    assertThat(recurring.concept(20, 0.5)).isEqualTo(0);
  }

  @Test
  void allKindsTogetherMakeSharesOfOne() {
    DriftSchedule all = new DriftSchedule(30, 50, 20, 7);
    for (long at = -5; at < 1000; at++) {
      assertThat(all.shares(at).stream().mapToDouble(Share::share).sum()).isEqualTo(1);
      assertThat(all.shares(at))
          .extracting(Share::concept)
          .contains(all.concept(at, 0), all.concept(at, 0.9999));
      long next = all.nextDrift(at);
      assertThat(next).isGreaterThan(Math.max(at, 0));
    }
  }

  @Test
  void lengthsThatMakeNoSenseAreErrors() {
    assertThatThrownBy(() -> DriftSchedule.sudden(-1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("sudden drift");
    assertThatThrownBy(() -> DriftSchedule.gradual(10, 11))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("expected a span from 1 to 10, found 11");
  }
}
