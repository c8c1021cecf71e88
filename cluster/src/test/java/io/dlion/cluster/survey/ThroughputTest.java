package io.dlion.cluster.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ThroughputTest {
  private static final long MILLI = 1_000_000L;

  @Test
  void theSlowBeginningDoesNotCount() {
    Throughput found = new Throughput(1000);
    for (int ms = 0; ms < 1000; ms++) {
      found.came(ms < 200 ? 10 : 1000, ms * MILLI);
    }
    assertThat(found.bytesPerSecond()).isCloseTo(1e6, within(3e3));
    assertThat(found.bytes()).isEqualTo(200 * 10 + 800 * 1000);
  }

  @Test
  void moreArrivalsThanItHasRoomForCountAll() {
    Throughput found = new Throughput(1000);
    for (long k = 0; k < 1_000_000; k++) {
      found.came(8, k * 1000);
    }
    assertThat(found.bytesPerSecond()).isCloseTo(8e6, within(8e4));
  }

  @Test
  void aLineThatTakesLongerThanWasPlannedIsMeasuredToItsEnd() {
    Throughput found = new Throughput(10);
    for (int k = 0; k < 20_000; k++) {
      found.came(100, k * MILLI);
    }
    assertThat(found.bytesPerSecond()).isCloseTo(1e5, within(1e3));
  }

  @Test
  void oneArrivalTellsNothing() {
    Throughput found = new Throughput(1000);
    assertThat(found.bytesPerSecond()).isZero();
    found.came(8000, 5);
    assertThat(found.bytesPerSecond()).isZero();
    found.came(8000, 5);
    assertThat(found.bytesPerSecond()).isZero();
    found.came(8000, 5 + 1000 * MILLI);
    assertThat(found.bytesPerSecond()).isEqualTo(8000);
  }
}
