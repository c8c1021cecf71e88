package io.dlion.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalClockTest {
  private long wallMillis = 1_000_000_000_000L;
  private long nanos = 5;

  private void pass(long millis) {
    wallMillis += millis;
    nanos += millis * 1_000_000;
  }

  @Test
  void agesAreSinceTheTimestampAndNeverAbsurd() {
    ArrivalClock clock = new ArrivalClock(() -> wallMillis, () -> nanos);
    pass(500);
    assertThat(clock.look()).isNull();
    assertThat(clock.ageNanos(wallMillis - 200)).isEqualTo(200_000_000);
    assertThat(clock.ageNanos(wallMillis + 200)).isZero();
    assertThat(clock.ageNanos(0)).isZero();
  }

  @Test
  void aJumpIsToldOnceAndAgesGoOnByTheNewClock() {
    ArrivalClock clock = new ArrivalClock(() -> wallMillis, () -> nanos);
    pass(500);
    wallMillis -= 3_600_000;
    assertThat(clock.look()).contains("jumped by -3600.0 s");
    pass(500);
    assertThat(clock.look()).isNull();
    assertThat(clock.ageNanos(wallMillis - 7)).isEqualTo(7_000_000);
  }
}
