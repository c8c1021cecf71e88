package io.dlion.core.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.learn.Score;
import io.dlion.core.report.StreamFigures.Prequential;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MetersTest {
  @Test
  void theWindowHasTheLastRecordsOnlyAndFadingForgetsSlowly() {
    PrequentialMeter meter = new PrequentialMeter(100, 0);
    assertThat(meter.read().window()).isNaN();
    for (int i = 0; i < 50; i++) {
      meter.add(Score.of(10, 1, 0));
    }
    for (int i = 0; i < 10; i++) {
      meter.add(Score.of(10, 0.1, 1));
    }
    Prequential read = meter.read();
    assertThat(read.window()).isEqualTo(1);
    assertThat(read.overall()).isEqualTo(100.0 / 600, within(1e-9));
    assertThat(read.fading()).isEqualTo(1 - Math.pow(0.99, 100), within(0.01));
    Map<String, String> state = new TreeMap<>();
    meter.save(state);
    PrequentialMeter again = new PrequentialMeter(100, 0);
    again.restore(state);
    assertThat(again.read().overall()).isEqualTo(read.overall());
    assertThat(again.read().fading()).isEqualTo(read.fading());
    assertThat(again.records()).isEqualTo(600);
  }

  @Test
  void ofARegressionItIsTheShareOfVarianceExplained() {
    PrequentialMeter meter = new PrequentialMeter(100, 2);
    // Two values of each of four records: variance 1, mean squared error 0.25.
    meter.add(Score.of(4, 0.25, Double.NaN).withTargets(8, 16));
    assertThat(meter.read().overall()).isEqualTo(1 - 0.25 * 8 / 8, within(1e-9));
  }

  @Test
  void quantilesOfAgesAreRightToAFewPercent() {
    AgeHistogram ages = new AgeHistogram();
    assertThat(ages.read().p50Seconds()).isNaN();
    for (int i = 1; i <= 1000; i++) {
      ages.add(i / 100.0);
    }
    assertThat(ages.read().records()).isEqualTo(1000);
    assertThat(ages.read().p50Seconds()).isEqualTo(5, within(0.5));
    assertThat(ages.read().p99Seconds()).isEqualTo(9.9, within(0.9));
  }

  @Test
  void aRecordIsEverywhereWhenTheMessageThatHasItIs() {
    Spreading spreading = new Spreading();
    spreading.learned(new long[] {0, 1_000_000_000});
    assertThat(spreading.sent(4)).isTrue();
    spreading.learned(new long[] {2_000_000_000});
    assertThat(spreading.sent(4)).isTrue();
    assertThat(spreading.sent(5)).isFalse();
    spreading.learned(new long[] {3_000_000_000L});
    spreading.everywhere(3, 4_000_000_000L);
    assertThat(spreading.freshness().records()).isZero();
    spreading.everywhere(4, 4_000_000_000L);
    assertThat(spreading.freshness().records()).isEqualTo(3);
    assertThat(spreading.freshness().p99Seconds()).isEqualTo(4, within(0.4));
  }

  @Test
  void theRateOfArrivalsFollowsOverTenSeconds() {
    ArrivalRate rate = new ArrivalRate();
    long arrived = 0;
    for (int second = 0; second <= 30; second++) {
      rate.count(arrived, second * 1_000_000_000L);
      arrived += 50;
    }
    assertThat(rate.isKnown()).isTrue();
    assertThat(rate.perSecond()).isEqualTo(50, within(1.0));
    for (int second = 31; second <= 60; second++) {
      rate.count(arrived, second * 1_000_000_000L);
    }
    assertThat(rate.perSecond()).isLessThan(5);
  }
}
