package io.dlion.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A pacer and a line of a known rate, in time that is only counted. */
class PacerTest {
  private static final double MBIT = 125_000;
  private static final long SECOND = 1_000_000_000L;

  /** A line that carries one part after the other, and receipts that come back after the delay. */
  private static final class Simulated {
    final Pacer pacer = new Pacer(0);
    final Deque<Long> receipts = new ArrayDeque<>();
    double bytesPerSecond;
    long oneWayNanos;
    long now;
    long lineFreeNanos;
    long delivered;
    long queueNanosMax;

    Simulated(double mbit, long oneWayNanos) {
      this.bytesPerSecond = mbit * MBIT;
      this.oneWayNanos = oneWayNanos;
    }

    /** Sends all the time. */
    void send(long nanos) {
      long end = now + nanos;
      delivered = 0;
      queueNanosMax = 0;
      while (now < end) {
        while (!receipts.isEmpty() && receipts.peek() <= now) {
          receipts.remove();
          pacer.received(now);
        }
        int bytes = pacer.partBytes(1 << 30);
        long wait = pacer.waitNanos(now, bytes);
        if (wait == 0) {
          put(bytes);
        } else {
          long receipt = receipts.isEmpty() ? Long.MAX_VALUE : receipts.peek();
          long until = wait == Long.MAX_VALUE ? now + SECOND / 10 : now + wait;
          now = Math.max(now + 1, Math.min(receipt, until));
        }
      }
    }

    /** Puts a part on the line now. */
    void put(int bytes) {
      pacer.sent(now, bytes);
      queueNanosMax = Math.max(queueNanosMax, lineFreeNanos - now);
      lineFreeNanos = Math.max(lineFreeNanos, now) + (long) (bytes / bytesPerSecond * 1e9);
      receipts.add(lineFreeNanos + 2 * oneWayNanos);
      delivered += bytes;
    }

    double mbit() {
      return pacer.bytesPerSecond() / MBIT;
    }

    double deliveredMbit(long nanos) {
      return delivered / (nanos / 1e9) / MBIT;
    }
  }

  /**
   * A worker on a busy machine: messages every so often, as long as the rate found allows, in a
   * line whose ends stand still again and again. What arrived meanwhile is told at once afterwards.
   */
  private static final class Busy {
    final Simulated line;
    final SplittableRandom random;
    long everyNanos = SECOND * 8 / 100;
    long nextStandNanos;

    /** Length of a message while nothing is known of the line. */
    static final int UNKNOWN_BYTES = 65_000;

    Busy(Simulated line, long seed) {
      this.line = line;
      this.random = new SplittableRandom(seed);
    }

    /** Sends messages for a time; stands still for a share of it, in pieces of 20 to 200 ms. */
    void send(long nanos, double share) {
      long end = line.now + nanos;
      long nextMessage = line.now;
      int left = 0;
      nextStandNanos = share == 0 ? Long.MAX_VALUE : line.now;
      while (line.now < end) {
        stand(share);
        while (!line.receipts.isEmpty() && line.receipts.peek() <= line.now) {
          line.receipts.remove();
          line.pacer.received(line.now);
        }
        if (left == 0) {
          if (line.now < nextMessage) {
            line.pacer.idle();
            long receipt = line.receipts.isEmpty() ? Long.MAX_VALUE : line.receipts.peek();
            line.now = Math.min(nextMessage, Math.max(receipt, line.now + 1));
            continue;
          }
          nextMessage = line.now + everyNanos;
          double rate = line.pacer.bytesPerSecond();
          left = rate == 0 ? UNKNOWN_BYTES : (int) Math.max(2000, rate * everyNanos / SECOND);
        }
        int bytes = line.pacer.partBytes(left);
        long wait = line.pacer.waitNanos(line.now, bytes);
        if (wait == 0) {
          line.put(bytes);
          left -= bytes;
        } else {
          long receipt = line.receipts.isEmpty() ? Long.MAX_VALUE : line.receipts.peek();
          long until = wait == Long.MAX_VALUE ? line.now + SECOND / 10 : line.now + wait;
          line.now = Math.max(line.now + 1, Math.min(receipt, until));
        }
      }
    }

    private void stand(double share) {
      if (line.now >= nextStandNanos) {
        long stands = random.nextLong(20_000_000, 200_000_000);
        line.now += stands;
        nextStandNanos = line.now + (long) (stands * (1 - share) / share * 2 * random.nextDouble());
      }
    }
  }

  @Test
  void aBusyMachineIsNotTakenForAThinLine() {
    for (double mbit : new double[] {2, 10, 20, 50, 200}) {
      List<Double> found = new ArrayList<>();
      for (int seed = 1; seed <= 5; seed++) {
        Busy worker = new Busy(new Simulated(mbit, 500_000), seed);
        worker.send(10 * SECOND, 0);
        for (int i = 0; i < 60; i++) {
          worker.send(2 * SECOND, 0.6);
          found.add(worker.line.mbit());
        }
      }
      found.sort(null);
      assertThat(found.get(found.size() * 99 / 100)).as("99th").isLessThan(1.25 * mbit);
      assertThat(found.getLast()).as("%s Mbit/s, most", mbit).isLessThan(1.6 * mbit);
      assertThat(found.get(found.size() / 2)).as("median").isBetween(0.9 * mbit, 1.05 * mbit);
      assertThat(found.get(found.size() / 10)).as("10th percentile").isGreaterThan(0.4 * mbit);
    }
  }

  @Test
  void aRateThatIsFarTooLowIsFoundOutByMessagesOfAnyLength() {
    for (long oneWay : new long[] {500_000, 100_000_000}) {
      for (long every : new long[] {SECOND * 8 / 100, SECOND / 2, SECOND, 3 * SECOND}) {
        Busy worker = new Busy(new Simulated(0.05, oneWay), 1);
        worker.everyNanos = every;
        worker.send(60 * SECOND, 0);
        assertThat(worker.line.mbit()).isLessThan(0.1);
        worker.line.bytesPerSecond = 20 * MBIT;
        worker.send(Math.max(8 * SECOND, 10 * every), 0);
        assertThat(worker.line.mbit())
            .as("one way %s ns, a message every %s ns", oneWay, every)
            .isCloseTo(19, within(4.0));
      }
    }
  }

  /** Nothing runs fast yet, and all start at once. */
  @Test
  void aMachineThatIsBusyAtFirstIsNotTakenForAThinLine() {
    for (int seed = 1; seed <= 20; seed++) {
      Busy worker = new Busy(new Simulated(20, 500_000), seed);
      worker.everyNanos = SECOND / 2;
      worker.send(4 * SECOND, 0.9);
      worker.send(4 * SECOND, 0.3);
      assertThat(worker.line.mbit()).as("seed %d", seed).isGreaterThan(8);
    }
  }

  @Test
  void knowsNothingAtFirst() {
    assertThat(new Pacer(0).bytesPerSecond()).isZero();
  }

  @Test
  void findsWhatALineCarriesAndUsesNearlyAllOfIt() {
    for (double mbit : new double[] {1, 5, 20, 50, 1000, 8000}) {
      for (long oneWay : new long[] {50_000, 5_000_000, 40_000_000}) {
        Simulated line = new Simulated(mbit, oneWay);
        line.send(10 * SECOND);
        assertThat(line.mbit())
            .as("%s Mbit/s, one way %s ns", mbit, oneWay)
            .isCloseTo(0.98 * mbit, within(0.06 * mbit));
        line.send(10 * SECOND);
        assertThat(line.deliveredMbit(10 * SECOND))
            .as("%s Mbit/s, one way %s ns", mbit, oneWay)
            .isBetween(0.9 * mbit, 1.03 * mbit);
      }
    }
  }

  @Test
  void nothingWaitsLongOnceTheRateIsKnown() {
    for (double mbit : new double[] {5, 20, 50}) {
      Simulated line = new Simulated(mbit, 200_000);
      line.send(5 * SECOND);
      line.send(20 * SECOND);
      // A probe of 50 ms at 1.2 times the rate, and a part or two.
      long part = (long) (line.pacer.partBytes(1 << 20) / (mbit * MBIT) * 1e9);
      assertThat(line.queueNanosMax).as("%s Mbit/s", mbit).isLessThan(14_000_000 + 2 * part);
    }
  }

  @Test
  void noticesWithinSecondsThatALineHasBecomeSlower() {
    Simulated line = new Simulated(50, 1_000_000);
    line.send(5 * SECOND);
    line.bytesPerSecond = 10 * MBIT;
    line.send(2 * SECOND);
    assertThat(line.mbit()).isCloseTo(9.6, within(1.0));
  }

  @Test
  void noticesWithinSecondsThatALineHasBecomeFaster() {
    Simulated line = new Simulated(10, 1_000_000);
    line.send(5 * SECOND);
    line.bytesPerSecond = 50 * MBIT;
    line.send(3 * SECOND);
    assertThat(line.mbit()).isCloseTo(48, within(5.0));
  }

  @Test
  void goesOnWhenReceiptsAreLost() {
    Simulated line = new Simulated(20, 1_000_000);
    line.send(2 * SECOND);
    line.receipts.clear();
    line.send(10 * SECOND);
    assertThat(line.deliveredMbit(10 * SECOND)).isGreaterThan(10);
  }

  @Test
  void shortMessagesAreEnoughToMeasure() {
    Simulated line = new Simulated(20, 1_000_000);
    for (int message = 0; message < 60; message++) {
      line.send(SECOND / 20);
      line.pacer.idle();
      line.now += SECOND / 10; // idle: everything arrives
      while (!line.receipts.isEmpty()) {
        line.pacer.received(Math.min(line.receipts.remove(), line.now));
      }
    }
    assertThat(line.mbit()).isCloseTo(19.2, within(3.0));
  }

  @Test
  void aMomentInWhichNothingMovesIsNotTakenForAThinLine() {
    Simulated line = new Simulated(50, 1_000_000);
    line.send(5 * SECOND);
    line.lineFreeNanos += SECOND / 5;
    line.send(3 * SECOND);
    assertThat(line.mbit()).isCloseTo(48, within(5.0));
  }
}
