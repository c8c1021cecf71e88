package io.dlion.cluster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How much exchange may take of a busy machine. */
class ProcessorShareTest {
  private static final double RATE = 5e6;
  private static final double LEAST = 0.05 * 2 / 270e-9;

  private final ProcessorShare share = new ProcessorShare(0.05, 2);

  @Test
  void nothingIsHeldBackFromAMachineThatHasTime() {
    for (double load : new double[] {0, 0.5, 0.84, -1, Double.NaN}) {
      assertThat(share.observe(load, RATE)).as("load %s", load).isInfinite();
    }
  }

  @Test
  void aBusyMachineIsGivenHalfEachTimeAndNeverLessThanTheShare() {
    assertThat(share.observe(1, RATE)).isEqualTo(RATE / 2);
    assertThat(share.observe(0.9, RATE)).isEqualTo(RATE / 4);
    for (int i = 0; i < 10; i++) {
      share.observe(1, RATE);
    }
    assertThat(share.observe(1, RATE)).isEqualTo(LEAST);
  }

  @Test
  void whatWasHeldBackIsGivenBackSlowlyAndInTheEndWhole() {
    double low = share.observe(1, RATE);
    double next = share.observe(0.3, RATE);
    assertThat(next).isGreaterThan(low).isLessThan(2 * low);
    for (int i = 0; i < 10; i++) {
      next = share.observe(0.3, RATE);
    }
    assertThat(next).isInfinite();
  }

  @Test
  void linksThatCarryLessThanTheShareAreNotHeldBack() {
    assertThat(share.observe(1, LEAST / 3)).isInfinite();
  }

  @Test
  void aShareOfAllIsNoLimitForLinksOfOrdinarySpeed() {
    assertThat(new ProcessorShare(1, 64).observe(1, 1e8)).isInfinite();
  }
}
