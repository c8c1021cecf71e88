package io.dlion.emulator.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdjustmentsTest {
  private static final WorkerId SERVER = new WorkerId("server");
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W8 = new WorkerId("w8");

  private static Environment adjusted(String environment, String key, String value)
      throws IOException {
    return Environments.find(environment).adjusted(Adjustments.NONE.with(key, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.45", "2.0", "2.6", "3.2"})
  void theSlowestClassBecomesSoSlowThatHIsReached(String h) throws IOException {
    for (String name : List.of("adsp-18", "adsp-36", "hetero-sys-a", "adsp-slowdown")) {
      if (name.equals("hetero-sys-a") && Double.parseDouble(h) < 1.5) {
        continue; // its others are too fast for that
      }
      Environment given = Environments.find(name);
      Environment changed = adjusted(name, "environment.h", h);
      assertThat(changed.heterogeneity()).as(name).isCloseTo(Double.parseDouble(h), within(1e-9));
      assertThat(changed.name()).isEqualTo(name + "-h" + h);
      // Only the slowest have another speed.
      double least =
          given.workers().stream().mapToDouble(w -> given.speedOf(w.id(), 0)).min().orElseThrow();
      for (SitedWorker worker : given.workers()) {
        WorkerId id = worker.id();
        assertThat(changed.speedOf(id, 0) == given.speedOf(id, 0))
            .as(id.name())
            .isEqualTo(given.speedOf(id, 0) > least);
      }
    }
  }

  @Test
  void workersOfTheSlowestClassStayEquallyFast() throws IOException {
    Environment changed = adjusted("adsp-18", "environment.h", "3.2");
    // S = 32 in speeds of the file, so that x = 32 / (18 · 3.2 - 7).
    assertThat(changed.capacity(W1).amount().at(0)).isCloseTo(32 / 50.6, within(1e-9));
    assertThat(changed.capacity(W2)).isEqualTo(changed.capacity(W2));
    assertThat(changed.computeNanos(W1, 32, 0)).isEqualTo(changed.computeNanos(W2, 32, 0));
  }

  @ParameterizedTest
  @CsvSource({"1.2, 1.278", "45, 44.834"})
  void anUnreachableHNamesTheLeastAndTheGreatest(String h, String bound) {
    assertThatThrownBy(() -> adjusted("adsp-18", "environment.h", h))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("environment.h: expected 1.278 to 44.833 in adsp-18, where 7 of 18")
        .hasMessageEndingWith("found " + h)
        .hasMessageNotContaining("\n");
    assertThat(bound).isNotEmpty();
  }

  @Test
  void equalWorkersHaveNoSlowestClass() {
    assertThatThrownBy(() -> adjusted("homo-b", "environment.h", "2"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "environment.h=2 changes the speed of the slowest workers, and all of homo-b are"
                + " equally fast: H is 1");
  }

  @Test
  void bandwidthIsThatOfAllWorkersButTheServer() throws IOException {
    Environment changed = adjusted("adsp-18", "environment.mbit", "10");
    assertThat(changed.accessBytesPerSecond(W1, 0)).isEqualTo(10e6 / 8);
    assertThat(changed.accessBytesPerSecond(W8, 0)).isEqualTo(10e6 / 8);
    assertThat(changed.accessBytesPerSecond(SERVER, 0)).isEqualTo(1000e6 / 8);
    assertThat(changed.name()).isEqualTo("adsp-18-10mbit");
  }

  @Test
  void workersOnALanGetLinesOfTheirOwn() throws IOException {
    Environment changed = adjusted("homo-a", "environment.mbit", "10");
    WorkerId w3 = new WorkerId("w3");
    assertThat(changed.isLan(W1, w3)).isFalse();
    assertThat(changed.isLan(W1, W2)).isTrue();
    assertThat(changed.accessBytesPerSecond(w3, 0)).isEqualTo(10e6 / 8);
  }

  @Test
  void latencyIsThatBetweenAnyTwoSites() throws IOException {
    Environment server = adjusted("adsp-3", "environment.latency", "200ms");
    assertThat(server.latencyNanos(W1, SERVER)).isEqualTo(200_000_000);
    Environment lan = adjusted("homo-a", "environment.latency", "200ms");
    assertThat(lan.latencyNanos(W1, W2)).isEqualTo(500_000);
    assertThat(lan.latencyNanos(W1, new WorkerId("w3"))).isEqualTo(200_000_000);
    Environment particular = adjusted("example", "environment.latency", "200ms");
    assertThat(particular.latencyNanos(new WorkerId("office"), W2)).isEqualTo(200_000_000);
    assertThat(particular.pathMbit(new WorkerId("office"), W2)).isPresent();
  }

  @Test
  void whatChangesNothingIsRefused() {
    Environment one =
        Environments.parse("one", "workers: [{count: 2, site: a, cores: 1, mbit: 1}]");
    for (String change : List.of("environment.mbit", "environment.latency")) {
      String value = change.endsWith("mbit") ? "5" : "5ms";
      assertThatThrownBy(() -> one.adjusted(Adjustments.NONE.with(change, value)))
          .isInstanceOf(UserError.class)
          .hasMessage(
              change
                  + "="
                  + value
                  + " changes links between sites, and all workers of one are in one");
    }
  }

  @Test
  void severalChangesAreMadeInOneOrderHoweverTheyAreGiven() throws IOException {
    Adjustments one =
        Adjustments.NONE
            .with("environment.latency", "200ms")
            .with("environment.h", "3")
            .with("environment.mbit", "2")
            .with("environment.h", "2.6");
    Environment changed = Environments.find("adsp-18").adjusted(one);
    assertThat(changed.name()).isEqualTo("adsp-18-h2.6-2mbit-200ms");
    assertThat(changed.heterogeneity()).isCloseTo(2.6, within(1e-9));
    assertThat(Environments.find("adsp-18").adjusted(Adjustments.NONE).name()).isEqualTo("adsp-18");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "environment.H | 3 | unknown argument 'environment.H'; did you mean 'environment.h'?"
            + " (of environments there are environment.h, environment.mbit, environment.latency)",
        "environment.mbits | 3 | unknown argument 'environment.mbits'; did you mean"
            + " 'environment.mbit'? (of environments there are environment.h, environment.mbit,"
            + " environment.latency)",
        "environment.h | 0.9 | environment.h: expected mean speed over least speed, at least 1,"
            + " such as 3.2, found '0.9'",
        "environment.h | many | environment.h: expected mean speed over least speed, at least 1,"
            + " such as 3.2, found 'many'",
        "environment.mbit | 0 | environment.mbit: expected a rate above 0 in Mbit/s, found '0'",
        "environment.mbit | 1e3 | environment.mbit: expected a rate above 0 in Mbit/s, found"
            + " '1e3'",
        "environment.latency | 200 | environment.latency: expected a time such as 25ms, found"
            + " '200'"
      })
  void whatCannotBeIsRefused(String key, String value, String message) {
    assertThatThrownBy(() -> Adjustments.NONE.with(key, value))
        .isInstanceOf(UserError.class)
        .hasMessage(message);
  }
}
