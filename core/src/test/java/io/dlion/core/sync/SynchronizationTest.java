package io.dlion.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SynchronizationTest {
  @Test
  void boundZeroNeedsTheIterationBefore() {
    Synchronization bsp = new Synchronization.Bounded(0);
    assertThat(bsp.waits(0, -1)).isFalse();
    assertThat(bsp.waits(1, -1)).isTrue();
    assertThat(bsp.waits(1, 0)).isFalse();
    assertThat(bsp.waits(8, 6)).isTrue();
    assertThat(bsp.waits(8, 7)).isFalse();
    assertThat(bsp.ordered()).isTrue();
  }

  @Test
  void aBoundAllowsThatManyIterationsMore() {
    Synchronization five = new Synchronization.Bounded(5);
    assertThat(five.waits(5, -1)).isFalse();
    assertThat(five.waits(6, -1)).isTrue();
    assertThat(five.waits(6, 0)).isFalse();
    assertThat(five.ordered()).isFalse();
  }

  @Test
  void asynchronousWorkersWaitForNobody() {
    Synchronization none = new Synchronization.Asynchronous();
    assertThat(none.waits(1_000_000, -1)).isFalse();
    assertThat(none.ordered()).isFalse();
  }
}
