package io.dlion.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.local.Wire;
import io.dlion.core.wire.Payload;
import org.junit.jupiter.api.Test;

class BuffersTest {
  private final BufferPool pool = new BufferPool();

  @Test
  void anArrayIsUsedAgainForSizesThatDifferALittle() {
    byte[] array = pool.take(1_000_000);
    pool.give(array);
    assertThat(pool.take(1_010_000)).isSameAs(array);
  }

  @Test
  void aSmallMessageDoesNotTakeALargeArray() {
    byte[] large = pool.take(10_000_000);
    pool.give(large);
    assertThat(pool.take(100)).hasSizeLessThan(1_000_000);
    assertThat(pool.take(9_000_000)).isSameAs(large);
  }

  @Test
  void theBestFitIsTaken() {
    byte[] small = new byte[200_000];
    byte[] large = new byte[400_000];
    pool.give(large);
    pool.give(small);
    assertThat(pool.take(150_000)).isSameAs(small);
    assertThat(pool.take(150_000)).isSameAs(large);
  }

  @Test
  void theSmallestAreLetGoWhenThereAreMany() {
    byte[] large = new byte[300_000];
    pool.give(large);
    for (int i = 0; i < 100; i++) {
      pool.give(new byte[10]);
    }
    assertThat(pool.take(300_000)).isSameAs(large);
  }

  @Test
  void aSharedPayloadGoesBackOnceAfterItsLastHolder() {
    byte[] array = pool.take(100_000);
    SharedPayload shared = new SharedPayload(new Payload(array, 100), 3, pool);
    shared.release();
    shared.release();
    assertThat(pool.take(100_000)).isNotSameAs(array);
    shared.release();
    assertThat(pool.take(100_000)).isSameAs(array);
    shared.release(); // one too many does no harm
    assertThat(pool.take(100_000)).isNotSameAs(array);
  }

  @Test
  void aWireTakesAtLeastTheTimeItsRateSays() {
    Wire wire = new Wire(1_000_000);
    long begun = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      wire.carry(5_000);
    }
    // 50 ms, less the slack of 2 ms that a late part may make up for
    assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(48_000_000);
    assertThat(wire.limited()).isTrue();
    assertThat(new Wire(Double.POSITIVE_INFINITY).limited()).isFalse();
  }

  @Test
  void anInterruptEndsTheWaitOnAWire() {
    Wire wire = new Wire(1);
    Thread.currentThread().interrupt();
    wire.carry(1_000_000);
    assertThat(Thread.interrupted()).isTrue();
  }
}
