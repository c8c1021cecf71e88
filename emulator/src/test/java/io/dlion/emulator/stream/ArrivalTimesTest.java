package io.dlion.emulator.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.Environments;
import io.dlion.emulator.environment.SiteStream;
import org.junit.jupiter.api.Test;

class ArrivalTimesTest {
  private static final long SECOND = 1_000_000_000L;

  private static SiteStream stream(String text) {
    return Environments.parse("test", "workers: [{cores: 1, mbit: 1}]\nstream: " + text)
        .withBudget(300 * SECOND)
        .stream(new WorkerId("w1"))
        .orElseThrow();
  }

  @Test
  void recordsComeOneAfterTheOtherAtTheRate() {
    ArrivalTimes times = new ArrivalTimes(stream("{rate: 50}"), 3);
    long before = -1;
    for (int record = 0; record < 1000; record++) {
      long at = times.nanos(record);
      assertThat(at).isGreaterThan(before);
      assertThat(at).isBetween(record * SECOND / 50, (record + 1) * SECOND / 50 + 1);
      before = at;
    }
    assertThat(times.nanos(17)).isEqualTo(new ArrivalTimes(stream("{rate: 50}"), 3).nanos(17));
    assertThat(times.nanos(17)).isNotEqualTo(new ArrivalTimes(stream("{rate: 50}"), 4).nanos(17));
    assertThat(times.countBy(10 * SECOND)).isEqualTo(500);
    assertThat(times.countBy(SECOND)).isEqualTo(50);
  }

  @Test
  void burstsBringMore() {
    ArrivalTimes times =
        new ArrivalTimes(stream("{rate: 10, bursts: {every: 60s, length: 10s, factor: 5}}"), 3);
    assertThat(times.countBy(60 * SECOND)).isEqualTo(600);
    assertThat(times.countBy(70 * SECOND)).isEqualTo(1100);
    assertThat(times.countBy(120 * SECOND)).isEqualTo(1600);
    assertThat((double) times.nanos(1000)).isCloseTo(68.0 * SECOND, within(0.03 * SECOND));
    assertThat((double) times.nanos(100)).isCloseTo(10.1 * SECOND, within(0.11 * SECOND));
  }

  @Test
  void aRateMayChangeAndEnd() {
    ArrivalTimes times =
        new ArrivalTimes(
            stream(
                "{rate: [{from: 0s, value: 0}, {from: 1/3, value: 10}, {from: 2/3, value: 0}],"
                    + " bursts: {every: 60s, length: 10s, factor: 5}}"),
            3);
    // from 100 s to 200 s: 10 a second, and 40 more from 120 s to 130 s and from 180 s to 190 s
    assertThat(times.nanos(0)).isBetween(100 * SECOND, 100 * SECOND + SECOND / 10 + 1);
    assertThat(times.nanos(1799)).isBetween(199 * SECOND, 200 * SECOND);
    assertThat(times.nanos(1800)).isEqualTo(Long.MAX_VALUE);
    assertThat(times.countBy(1000 * SECOND)).isBetween(1799L, 1800L);
  }
}
