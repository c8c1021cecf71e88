package io.dlion.cluster.cap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Time is a number that the test moves; threads that wait look at it again after a moment. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AllowanceTest {
  private static final long MILLI = 1_000_000;

  private final AtomicLong nanos = new AtomicLong(1_000 * MILLI);
  private volatile LocalTime time = LocalTime.NOON;

  private Allowance allowance(String max, String... quiet) {
    Caps caps = Caps.parse(Optional.of(max), Optional.empty(), List.of(quiet));
    return new CappedAllowance(caps, () -> time, nanos::get);
  }

  /** Sends so many bytes when it may. */
  private static Thread takes(Allowance allowance, int bytes, CountDownLatch sent) {
    return Thread.startVirtualThread(() -> {
      try {
        allowance.takeUpload(bytes);
        sent.countDown();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aThreadWaitsForItsTurn() throws Exception {
    Allowance allowance = allowance("8"); // 1000 bytes a millisecond
    allowance.takeUpload(50_000);
    CountDownLatch sent = new CountDownLatch(1);
    Thread sender = takes(allowance, 1, sent);
    allowance.takeDownload(1); // the other direction is another's
    awaitWaiting(sender);
    assertThat(sent.getCount()).isEqualTo(1);
    nanos.addAndGet(50 * MILLI);
    assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoIsInterruptedGivesUpItsTurn() throws Exception {
    Allowance allowance = allowance("8");
    allowance.takeUpload(50_000);
    CountDownLatch interrupted = new CountDownLatch(1);
    Thread sender =
        Thread.startVirtualThread(() -> {
          try {
            allowance.takeUpload(1_000_000_000);
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        });
    awaitWaiting(sender);
    sender.interrupt();
    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    nanos.addAndGet(50 * MILLI);
    allowance.takeUpload(1); // not after a gigabyte
  }

  @Test
  void receiptsWaitTheirTurnAndNobodyWaitsWithThem() throws Exception {
    Allowance allowance = allowance("8");
    List<String> sent = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch second = new CountDownLatch(1);
    allowance.afterDownload("a", 50_000, () -> sent.add("first"));
    allowance.afterDownload("a", 50_000, second::countDown);
    assertThat(sent).as("at once").containsExactly("first");
    assertThat(second.getCount()).isEqualTo(1);
    nanos.addAndGet(50 * MILLI);
    assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void smallMessagesPassAndTheRestWaits() throws Exception {
    Allowance allowance = allowance("8");
    allowance.chargeDownload(100_000);
    CountDownLatch receipt = new CountDownLatch(1);
    allowance.afterDownload("a", 1, receipt::countDown);
    assertThat(receipt.getCount()).isEqualTo(1);
    nanos.addAndGet(100 * MILLI);
    assertThat(receipt.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void quietHoursHoldFromTheMomentTheyBegin() throws Exception {
    Allowance allowance = allowance("8", "18:00-20:00=0.8");
    assertThat(allowance.limits()).isEqualTo(new Limits(8, 8));
    time = LocalTime.of(18, 0);
    assertThat(allowance.limits()).isEqualTo(new Limits(0.8, 0.8));
    allowance.takeUpload(1_500);
    CountDownLatch sent = new CountDownLatch(1);
    Thread sender = takes(allowance, 1, sent);
    awaitWaiting(sender);
    nanos.addAndGet(14 * MILLI);
    assertThat(sent.getCount()).as("1500 bytes take 15 ms").isEqualTo(1);
    nanos.addAndGet(MILLI);
    assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void manyThreadsAtOnceAllPass() throws Exception {
    Caps caps = Caps.parse(Optional.of("1000"), Optional.empty(), List.of());
    Allowance allowance = Allowance.of(caps);
    int count = 8 * 50;
    CountDownLatch passed = new CountDownLatch(2 * count);
    for (int t = 0; t < 8; t++) {
      String from = "peer " + t;
      Thread.startVirtualThread(() -> {
        for (int i = 0; i < 50; i++) {
          try {
            allowance.takeUpload(10_000);
          } catch (InterruptedException e) {
            return;
          }
          passed.countDown();
          allowance.afterDownload(from, 10_000, passed::countDown);
        }
      });
    }
    assertThat(passed.await(50, TimeUnit.SECONDS)).isTrue();
  }
}
