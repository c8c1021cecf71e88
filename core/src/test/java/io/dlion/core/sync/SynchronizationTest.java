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
  void lateGradientsAreAppliedWithinTheBound() {
    Synchronization bsp = new Synchronization.Bounded(0);
    assertThat(bsp.tooOld(8, 7)).isTrue();
    assertThat(bsp.tooOld(8, 8)).isFalse();
    Synchronization five = new Synchronization.Bounded(5);
    assertThat(five.tooOld(8, 1)).isTrue();
    assertThat(five.tooOld(8, 2)).isFalse();
    assertThat(five.spare()).isZero();
  }

  @Test
  void backupWorkersMayBeMissingAndTheirGradientsLate() {
    Synchronization backed = new Synchronization.Backed(5, 2, 8);
    assertThat(backed.spare()).isEqualTo(2);
    assertThat(backed.ordered()).isFalse();
    assertThat(backed.waits(8, 1)).isTrue();
    assertThat(backed.waits(8, 2)).isFalse();
    assertThat(backed.tooOld(20, 3)).isFalse(); // 20 − 1 − 2 · 8
    assertThat(backed.tooOld(20, 2)).isTrue();
  }

  @Test
  void aTokenQueueAllowsAsManyIterationsAsItHolds() {
    TokenQueue queue = new TokenQueue(8);
    assertThat(queue.isEmpty(8, 0)).isFalse();
    assertThat(queue.isEmpty(9, 0)).isTrue();
    assertThat(queue.isEmpty(9, 1)).isFalse();
    assertThat(TokenQueue.put(-1, -1)).isEqualTo(-1);
    assertThat(TokenQueue.put(4, 7)).as("has begun 4").isEqualTo(4);
    assertThat(TokenQueue.put(4, 1)).as("has only gradient 1").isEqualTo(2);
  }

  @Test
  void aBarrierHoldsBackUntilAnnouncedUpdatesOfEarlierIterationsHaveArrived() {
    assertThat(Barrier.waits(7, 3, -1)).as("nothing announced").isFalse();
    assertThat(Barrier.waits(7, 3, 4)).isTrue();
    assertThat(Barrier.waits(7, 4, 4)).isFalse();
    assertThat(Barrier.waits(7, 5, 9)).as("they hold those of 6").isTrue();
    assertThat(Barrier.waits(7, 6, 9)).as("the sender is further on").isFalse();
    assertThat(Barrier.waits(0, -1, 0)).as("nothing comes before 0").isFalse();
  }

  @Test
  void asynchronousWorkersWaitForNobody() {
    Synchronization none = new Synchronization.Asynchronous();
    assertThat(none.waits(1_000_000, -1)).isFalse();
    assertThat(none.ordered()).isFalse();
    assertThat(none.tooOld(1_000_000, 0)).isFalse();
    assertThat(none.spare()).isZero();
  }
}
