package io.dlion.data.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotasTest {
  @Test
  void theLargestRemaindersGetWhatIsLeft() {
    // Exact: 3.2, 1.6, 3.2; whole parts 3, 1, 3; the eighth goes to the remainder 0.6.
    assertThat(Quotas.of(8, new double[] {2, 1, 2})).containsExactly(3, 2, 3);
    assertThat(Quotas.of(10, new double[] {1, 1, 1})).containsExactly(4, 3, 3);
  }

  @Test
  void everybodyGetsAtLeastOneFromTheLargest() {
    assertThat(Quotas.atLeastOne(10, new double[] {1e9, 1, 1})).containsExactly(8, 1, 1);
    assertThat(Quotas.atLeastOne(3, new double[] {1e300, 1e-300, 1e308})).containsExactly(1, 1, 1);
  }
}
