package io.dlion.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeedAddressesTest {
  private static final long HOUR_MILLIS = 3_600_000;
  private static final InetAddress FOUR = address("10.0.0.1");
  private static final InetAddress OTHER_FOUR = address("10.0.0.2");
  private static final InetAddress SIX = address("fd00::1");

  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final Map<String, InetAddress[]> answers = new ConcurrentHashMap<>();

  private SeedAddresses seeds(String text) {
    return new SeedAddresses(SeedHosts.parse(text), this::answer, HOUR_MILLIS, said::add);
  }

  private InetAddress[] answer(String host) throws UnknownHostException {
    InetAddress[] found = answers.get(host);
    if (found == null) {
      throw new UnknownHostException(host);
    }
    return found;
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(String host, InetAddress... addresses) {
    answers.put(host, addresses);
  }

  private static InetSocketAddress at(InetAddress address, int port) {
    return new InetSocketAddress(address, port);
  }

  @Test
  void allAddressesCount() {
    answer("dlion", FOUR, SIX, OTHER_FOUR);
    assertThat(seeds("dns:dlion:7800").addresses())
        .containsExactly(at(FOUR, 7800), at(SIX, 7800), at(OTHER_FOUR, 7800));
    assertThat(said).isEmpty();
  }

  @Test
  void aSeedWithoutAnAddressIsToldAndTheOthersAreAsked() {
    answer("10.0.0.1", FOUR);
    SeedAddresses seeds = seeds("nosuch.invalid:7800,10.0.0.1:7840");
    assertThat(seeds.addresses()).containsExactly(at(FOUR, 7840));
    assertThat(said)
        .containsExactly(
            "warning: --seeds nosuch.invalid:7800,10.0.0.1:7840: \"nosuch.invalid\" has no address"
                + " yet; looking it up again every few seconds");
    answer("nosuch.invalid", OTHER_FOUR);
    awaitAddresses(seeds, at(OTHER_FOUR, 7800), at(FOUR, 7840));
  }

  @Test
  void aNameWithoutAnAddressIsToldNowAndThenUntilItHasOne() {
    SeedAddresses seeds = seeds("dlion:7800");
    while (said.size() < 3) {
      assertThat(seeds.addresses()).isEmpty();
    }
    assertThat(said)
        .startsWith(
            "warning: --seeds dlion:7800: \"dlion\" has no address yet; looking it up again every"
                + " few seconds",
            "warning: --seeds dlion:7800: \"dlion\" has no address (2 lookups); looking it up again"
                + " every few seconds",
            "warning: --seeds dlion:7800: \"dlion\" has no address (4 lookups); looking it up again"
                + " every few seconds");
    answer("dlion", FOUR);
    awaitAddresses(seeds, at(FOUR, 7800));
    answer("dlion", OTHER_FOUR);
    awaitAddresses(seeds, at(OTHER_FOUR, 7800)); // the newest
  }

  @Test
  void whatItHadCountsWhileItHasNone() {
    answer("dlion", FOUR);
    SeedAddresses seeds = seeds("dlion:7800");
    seeds.addresses();
    answers.clear();
    assertThat(seeds.addresses()).containsExactly(at(FOUR, 7800));
    assertThat(said).singleElement().asString().contains("no address");
  }

  @Test
  void aSeedWhereNobodyAnswersIsToldOnceItHasHadTime() {
    SeedAddresses seeds = seeds("10.0.0.1:7800");
    Map<InetSocketAddress, String> vain = Map.of(at(FOUR, 7800), "Connection refused");
    for (int times = 0; times < 3; times++) {
      seeds.met(vain);
    }
    assertThat(said).isEmpty();
    seeds.met(vain);
    assertThat(said)
        .containsExactly(
            "warning: --seeds 10.0.0.1:7800: nobody answers at 10.0.0.1:7800 (Connection"
                + " refused); trying again");
    seeds.met(Map.of());
    seeds.met(vain);
    assertThat(said).hasSize(1);
  }

  @Test
  void aLookupThatHangsHoldsUpNobody() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    SeedAddresses seeds =
        new SeedAddresses(
            SeedHosts.parse("slow:7800,10.0.0.1:7800"),
            host -> {
              if (host.equals("slow")) {
                waitFor(goOn);
              }
              return new InetAddress[] {host.equals("slow") ? OTHER_FOUR : FOUR};
            },
            1,
            said::add);
    awaitAddresses(seeds, at(FOUR, 7800));
    goOn.countDown();
    awaitAddresses(seeds, at(OTHER_FOUR, 7800), at(FOUR, 7800));
  }

  /** A lookup may still be under way, whose result the next caller finds. */
  private static void awaitAddresses(SeedAddresses seeds, InetSocketAddress... expected) {
    while (!seeds.addresses().equals(List.of(expected))) {
      Thread.onSpinWait();
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatIsNoSeedIsRefused() {
    for (String text : new String[] {"", "host", "host:", ":7800", "a:7800,", "fd00::1:7800"}) {
      assertThatThrownBy(() -> SeedHosts.parse(text))
          .as(text)
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("--seeds: expected ");
    }
    assertThat(SeedHosts.parse("[fd00::1]:7800, dns:dlion:7801").all())
        .containsExactly(new SeedHosts.Seed("[fd00::1]", 7800), new SeedHosts.Seed("dlion", 7801));
  }
}
