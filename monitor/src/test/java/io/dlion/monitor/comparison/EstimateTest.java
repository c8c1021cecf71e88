package io.dlion.monitor.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EstimateTest {
  @Test
  void intervalOfThreeValues() {
    // s = 1, t(2) = 4.3027, so 4.3027 / sqrt(3) = 2.48416.
    Estimate e = Estimate.of(1, 2, 3);
    assertThat(e.count()).isEqualTo(3);
    assertThat(e.mean()).isEqualTo(2);
    assertThat(e.halfWidth()).isCloseTo(2.48416, within(1e-5));
  }

  @Test
  void intervalOfTwoValues() {
    // s = sqrt(2), t(1) = 12.7062, so 12.7062 · sqrt(2) / sqrt(2) = 12.7062.
    Estimate e = Estimate.of(10, 12);
    assertThat(e.mean()).isEqualTo(11);
    assertThat(e.halfWidth()).isCloseTo(12.7062, within(1e-9));
  }

  @Test
  void oneValueHasNoInterval() {
    Estimate e = Estimate.of(7);
    assertThat(e.mean()).isEqualTo(7);
    assertThat(e.halfWidth()).isNaN();
    assertThat(e.hasInterval()).isFalse();
  }

  @Test
  void noValuesHaveNoMean() {
    assertThat(Estimate.of()).isEqualTo(Estimate.NONE);
    assertThat(Estimate.NONE.mean()).isNaN();
    assertThat(Estimate.NONE.hasInterval()).isFalse();
  }

  @Test
  void equalValuesHaveAnIntervalOfNoWidth() {
    assertThat(Estimate.of(4, 4, 4)).isEqualTo(new Estimate(3, 4, 0));
  }

  @Test
  void quantilesAreThoseOfPrintedTables() {
    assertThat(Estimate.quantile(1)).isCloseTo(12.706, within(0.0005));
    assertThat(Estimate.quantile(4)).isCloseTo(2.776, within(0.0005));
    assertThat(Estimate.quantile(10)).isCloseTo(2.228, within(0.0005));
    assertThat(Estimate.quantile(11)).isCloseTo(2.201, within(0.001));
    assertThat(Estimate.quantile(15)).isCloseTo(2.131, within(0.001));
    assertThat(Estimate.quantile(30)).isCloseTo(2.042, within(0.001));
    assertThat(Estimate.quantile(120)).isCloseTo(1.980, within(0.001));
  }
}
