package io.dlion.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.cap.Turns;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Pacers of links that share what one worker may send, or take, over lines that carry more; in time
 * that is only counted.
 */
class CappedPacerTest {
  private static final double MBIT = 125_000;
  private static final long SECOND = 1_000_000_000L;
  private static final long ONE_WAY_NANOS = 5_000_000;
  private static final long TICK_NANOS = 100_000;

  enum Direction {
    UP,
    DOWN
  }

  /** A link that has something to send all the time, unless it is told otherwise. */
  private static final class Link {
    final Pacer pacer = new Pacer(0);
    final double lineMbit;
    boolean sends = true;
    boolean waits; // for the sender's turn
    long lineFreeNanos;
    long wireBytes; // delivered since the last run began
    double measuredSum; // over the ticks of that run

    Link(double lineMbit) {
      this.lineMbit = lineMbit;
    }
  }

  /** A part of a message at some place of its way. */
  private record Part(Link link, int bytes, long atNanos) {}

  /** All links of a worker: those out of it if what it sends is capped, else those into it. */
  private static final class Capped {
    final List<Link> links;
    final Direction direction;
    double capMbit;
    private final Turns<Part> sending = new Turns<>(0);
    private final Turns<Part> taking = new Turns<>(0);
    private final PriorityQueue<Part> arriving = byTime();
    private final PriorityQueue<Part> receipts = byTime();
    private long now;
    private long ranNanos;

    Capped(Direction direction, double capMbit, double... lineMbit) {
      this.direction = direction;
      this.capMbit = capMbit;
      this.links = Arrays.stream(lineMbit).mapToObj(Link::new).toList();
    }

    private static PriorityQueue<Part> byTime() {
      return new PriorityQueue<>(Comparator.comparingLong(Part::atNanos));
    }

    void run(long nanos) {
      for (Link link : links) {
        link.wireBytes = 0;
        link.measuredSum = 0;
      }
      ranNanos = nanos;
      for (long end = now + nanos; now < end; now += TICK_NANOS) {
        while (!receipts.isEmpty() && receipts.peek().atNanos <= now) {
          receipts.remove().link.pacer.received(now);
        }
        for (Link link : links) {
          offer(link);
          link.measuredSum += link.pacer.bytesPerSecond() / MBIT;
        }
        while (!sending.isEmpty() && sending.waitNanos(now) == 0) {
          send(sending.pass(now, rate(Direction.UP)));
        }
        while (!arriving.isEmpty() && arriving.peek().atNanos <= now) {
          Part part = arriving.remove();
          taking.add(now, part.link, Allowance.onWire(part.bytes), part);
        }
        while (!taking.isEmpty() && taking.waitNanos(now) == 0) {
          Part part = taking.pass(now, rate(Direction.DOWN));
          part.link.wireBytes += Allowance.onWire(part.bytes);
          receipts.add(new Part(part.link, part.bytes, now + ONE_WAY_NANOS));
        }
      }
    }

    private double rate(Direction of) {
      return of == direction ? capMbit * MBIT : Double.POSITIVE_INFINITY;
    }

    private void offer(Link link) {
      if (!link.sends) {
        link.pacer.idle();
      } else if (!link.waits) {
        int bytes = link.pacer.partBytes(1 << 30);
        if (link.pacer.waitNanos(now, bytes) == 0) {
          link.waits = true;
          sending.add(now, link, Allowance.onWire(bytes), new Part(link, bytes, now));
        }
      }
    }

    private void send(Part part) {
      Link link = part.link;
      link.waits = false;
      link.pacer.sent(now, part.bytes);
      long carried = (long) (Allowance.onWire(part.bytes) / (link.lineMbit * MBIT) * 1e9);
      link.lineFreeNanos = Math.max(link.lineFreeNanos, now) + carried;
      arriving.add(new Part(link, part.bytes, link.lineFreeNanos + ONE_WAY_NANOS));
    }

    double deliveredMbit(Link link) {
      return link.wireBytes / (ranNanos / 1e9) / MBIT;
    }

    double measuredMbit(Link link) {
      return link.measuredSum * TICK_NANOS / ranNanos;
    }

    double deliveredMbit() {
      return links.stream().mapToDouble(this::deliveredMbit).sum();
    }

    @Override
    public String toString() {
      return direction + " at most " + capMbit + " Mbit/s, " + links.size() + " links";
    }
  }

  @ParameterizedTest
  @EnumSource
  void linksSettleAtEqualSharesOfTheCap(Direction direction) {
    for (double cap : new double[] {0.5, 1, 5, 20, 100}) {
      for (int peers = 1; peers <= 4; peers++) {
        double[] lines = new double[peers];
        Arrays.fill(lines, 500);
        Capped capped = new Capped(direction, cap, lines);
        capped.run(10 * SECOND);
        capped.run(20 * SECOND);
        assertThat(capped.deliveredMbit()).as("%s", capped).isBetween(0.9 * cap, 1.01 * cap);
        for (Link link : capped.links) {
          double share = cap / peers;
          assertThat(capped.deliveredMbit(link))
              .as("%s", capped)
              .isBetween(0.85 * share, 1.1 * share);
          assertThat(capped.measuredMbit(link))
              .as("%s, measured", capped)
              .isBetween(0.85 * share, 1.2 * share);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aThinLineLeavesItsShareToTheOthers(Direction direction) {
    Capped capped = new Capped(direction, 10, 1, 200, 200);
    capped.run(10 * SECOND);
    capped.run(20 * SECOND);
    assertThat(capped.deliveredMbit(capped.links.get(0))).isBetween(0.85, 1.01);
    assertThat(capped.deliveredMbit(capped.links.get(1))).isBetween(0.85 * 4.5, 1.15 * 4.5);
    assertThat(capped.deliveredMbit(capped.links.get(2))).isBetween(0.85 * 4.5, 1.15 * 4.5);
  }

  @ParameterizedTest
  @EnumSource
  void whoSendsNothingTakesNothing(Direction direction) {
    Capped capped = new Capped(direction, 6, 100, 100, 100);
    capped.run(10 * SECOND);
    capped.links.get(1).sends = false;
    capped.links.get(2).sends = false;
    capped.run(5 * SECOND);
    capped.run(10 * SECOND);
    assertThat(capped.measuredMbit(capped.links.get(0))).isBetween(0.85 * 6, 1.1 * 6);
    assertThat(capped.deliveredMbit(capped.links.get(0))).isBetween(0.85 * 6, 1.01 * 6);
  }

  @ParameterizedTest
  @EnumSource
  void anotherCapIsFoundWithinSeconds(Direction direction) {
    Capped capped = new Capped(direction, 10, 100, 100);
    capped.run(10 * SECOND);
    for (double cap : new double[] {1, 10, 2, 50}) {
      capped.capMbit = cap;
      capped.run(6 * SECOND);
      capped.run(10 * SECOND);
      assertThat(capped.deliveredMbit()).as("%s", capped).isBetween(0.85 * cap, 1.02 * cap);
      for (Link link : capped.links) {
        assertThat(capped.measuredMbit(link))
            .as("%s", capped)
            .isBetween(0.8 * cap / 2, 1.3 * cap / 2);
      }
    }
  }
}
