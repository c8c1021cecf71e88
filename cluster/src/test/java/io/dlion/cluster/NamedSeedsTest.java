package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamedSeedsTest {
  private static final InetAddress FOUR = address("10.0.0.1");
  private static final InetAddress OTHER_FOUR = address("10.0.0.2");
  private static final InetAddress SIX = address("fd00::1");

  private final List<String> said = new ArrayList<>();
  private InetAddress[] answer = {};
  private final NamedSeeds seeds =
      new NamedSeeds(
          Seeds.parse("dns:dlion:7800"),
          7810,
          FOUR,
          host -> {
            assertThat(host).isEqualTo("dlion");
            if (answer.length == 0) {
              throw new UnknownHostException(host);
            }
            return answer;
          },
          said::add);

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(InetAddress... addresses) {
    answer = addresses;
  }

  @Test
  void allAddressesOfItsKindCount() {
    answer(FOUR, SIX, OTHER_FOUR);
    assertThat(seeds.addresses())
        .containsExactly(
            new InetSocketAddress(FOUR, 7810), new InetSocketAddress(OTHER_FOUR, 7810));
    assertThat(said).isEmpty();
  }

  @Test
  void aNameWithoutAnAddressIsToldNowAndThenUntilItHasOne() {
    for (int i = 0; i < 5; i++) {
      assertThat(seeds.addresses()).isEmpty();
    }
    assertThat(said)
        .containsExactly(
            "--seeds dns:dlion:7800: the name \"dlion\" has no address yet; looking it up again every few seconds",
            "--seeds dns:dlion:7800: the name \"dlion\" has no address (2 lookups); looking it up again every few seconds",
            "--seeds dns:dlion:7800: the name \"dlion\" has no address (4 lookups); looking it up again every few seconds");
    answer(FOUR);
    assertThat(seeds.addresses()).containsExactly(new InetSocketAddress(FOUR, 7810));
    answer(OTHER_FOUR);
    assertThat(seeds.addresses())
        .as("the newest")
        .containsExactly(new InetSocketAddress(OTHER_FOUR, 7810));
  }

  @Test
  void whatItHadCountsWhileItHasNone() {
    answer(FOUR);
    seeds.addresses();
    answer();
    assertThat(seeds.addresses()).containsExactly(new InetSocketAddress(FOUR, 7810));
    assertThat(said).singleElement().asString().contains("no address");
  }

  @Test
  void addressesOfAnotherKindAloneAreTold() {
    answer(SIX);
    assertThat(seeds.addresses()).isEmpty();
    assertThat(said).singleElement().asString().contains("another kind than --bind");
  }
}
