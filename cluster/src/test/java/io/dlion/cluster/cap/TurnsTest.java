package io.dlion.cluster.cap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final long MILLI = 1_000_000;
  private static final double RATE = 1e6; // bytes per second: 1000 bytes a millisecond

  private final Turns<String> turns = new Turns<>(0);
  private long now;

  private String next() {
    now += turns.waitNanos(now);
    return turns.pass(now, RATE);
  }

  @Test
  void theNextWaitsUntilTheOneBeforeWouldHaveBeenCarried() {
    now = 100 * MILLI; // nobody came: of that, only what makes up for late threads is left
    turns.add(now, "a", 10_000, "first");
    turns.add(now, "a", 3_000, "second");
    assertThat(turns.waitNanos(now)).isZero();
    assertThat(next()).isEqualTo("first");
    assertThat(turns.waitNanos(now)).isEqualTo(10 * MILLI - Bucket.CATCH_UP_NANOS);
    assertThat(next()).isEqualTo("second");
    assertThat(turns.isEmpty()).isTrue();
  }

  @Test
  void aThreadThatWakesLateLosesNothing() {
    for (int i = 0; i < 100; i++) {
      turns.add(now, "a", 10_000, "");
      now += turns.waitNanos(now) + 2 * MILLI; // woken late
      turns.pass(now, RATE);
    }
    assertThat(now / (double) MILLI).isCloseTo(100 * 10, within(15.0));
  }

  @Test
  void whoWaitedAndWasLetThroughLateLosesNothingUnlessThatWasLong() {
    for (int i = 0; i < 100; i++) {
      turns.add(now, "a", 10_000, "");
      turns.add(now, "b", 10_000, "");
    }
    for (int i = 0; i < 200; i++) {
      now += turns.waitNanos(now) + (i % 3 == 0 ? 30 * MILLI : 0); // the machine was busy
      turns.pass(now, RATE);
    }
    assertThat(now / (double) MILLI).isCloseTo(200 * 10, within(50.0));
    now += 1_000 * MILLI;
    for (int i = 0; i < 100; i++) {
      turns.add(now - 1_000 * MILLI, "a", 10_000, "");
    }
    int atOnce = 0;
    for (; turns.waitNanos(now) == 0; atOnce++) {
      turns.pass(now, RATE);
    }
    assertThat(atOnce).isEqualTo(11);
  }

  @Test
  void allHaveTheSameShareHoweverLargeTheirPartsAre() {
    Map<String, Integer> parts = Map.of("small", 1_000, "middle", 8_000, "large", 24_000);
    Map<String, Long> passed = new HashMap<>();
    parts.forEach((who, bytes) -> turns.add(now, who, bytes, who));
    while (now < 3_000 * MILLI) {
      String who = next();
      int bytes = Objects.requireNonNull(parts.get(who));
      passed.merge(who, (long) bytes, Long::sum);
      turns.add(now, who, bytes, who); // each has more as soon as something has passed
    }
    assertThat(passed.keySet()).isEqualTo(parts.keySet());
    passed.forEach(
        (who, bytes) -> assertThat(bytes).as(who).isCloseTo(1_000_000L, within(50_000L)));
  }

  @Test
  void whoComesLaterHasNotSavedAnythingNorHasToCatchUp() {
    turns.add(now, "a", 10_000, "a");
    for (int i = 0; i < 100; i++) {
      turns.add(now, "a", 10_000, "a");
      next();
    }
    for (int i = 0; i < 10; i++) {
      turns.add(now, "b", 10_000, "b");
    }
    for (int i = 0; i < 9; i++) {
      turns.add(now, "a", 10_000, "a");
    }
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      order.add(next());
    }
    assertThat(order).containsOnly("a", "b");
    assertThat(order.stream().filter("b"::equals).count()).isBetween(4L, 6L);
  }

  @Test
  void ofEachThePartsComeInOrder() {
    for (int i = 0; i < 50; i++) {
      turns.add(now, "a", 1 + i * 7919 % 5000, "a" + i);
      turns.add(now, "b", 1 + i * 104729 % 900, "b" + i);
    }
    Map<Character, List<String>> came = new HashMap<>();
    while (!turns.isEmpty()) {
      String what = next();
      came.computeIfAbsent(what.charAt(0), c -> new ArrayList<>()).add(what.substring(1));
    }
    List<String> inOrder = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      inOrder.add(Integer.toString(i));
    }
    assertThat(came).containsEntry('a', inOrder).containsEntry('b', inOrder);
  }

  @Test
  void whatCannotWaitIsOwedButNotForLong() {
    turns.charge(now, 20_000, RATE);
    assertThat(turns.waitNanos(now)).isEqualTo(20 * MILLI);
    turns.charge(now, 1_000_000_000, RATE);
    assertThat(turns.waitNanos(now)).isEqualTo(1_000 * MILLI);
  }

  @Test
  void withoutALimitNobodyWaits() {
    for (int i = 0; i < 3; i++) {
      turns.add(now, "a", 1 << 30, "a");
      assertThat(turns.waitNanos(now)).isZero();
      turns.pass(now, Double.POSITIVE_INFINITY);
    }
  }
}
