package io.dlion.emulator.network;

import static io.dlion.emulator.network.Scene.SECOND;
import static io.dlion.emulator.network.Scene.w;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** 20 Mbit/s are 2,500,000 bytes per second. Latency between sites is 25 ms. */
class RelayedLinksTest {
  private static final long LATENCY = 25_000_000;

  /** Links can only be relayed where an environment says that some may be. */
  private static Scene scene(String workers, String more) {
    return new Scene("workers: " + workers + "\nunreachable: [w1-w3]\n" + more);
  }

  private static Scene scene(double... mbit) {
    StringBuilder workers = new StringBuilder("[");
    for (double rate : mbit) {
      workers.append("{cores: 24, mbit: ").append(rate).append("}, ");
    }
    Scene scene = scene(workers + "]", "");
    scene.network.sever(new WorkerPair(w(1), w(3)));
    return scene;
  }

  private static void route(Scene scene, int from, int to, int... over) {
    scene.network.route(w(from), w(to), List.of(over(over)));
  }

  private static WorkerId[] over(int... numbers) {
    WorkerId[] over = new WorkerId[numbers.length];
    for (int i = 0; i < over.length; i++) {
      over[i] = w(numbers[i]);
    }
    return over;
  }

  @Test
  void aRelayedLinkCarriesWhatTheThinnerOfItsHalvesDoes() {
    for (double[] mbit : new double[][] {{50, 20, 35}, {20, 50, 50}, {50, 50, 20}}) {
      Scene scene = scene(mbit);
      route(scene, 1, 3, 2);
      scene.send("a", 1, 3, 5_000_000);
      scene.runUntil(10);
      assertThat(scene.left).containsExactly(entry("a", 2 * SECOND));
      assertThat(scene.delivered).containsExactly(entry("a", 2 * SECOND + 2 * LATENCY));
    }
  }

  @Test
  void itSharesTheRelaysLinesWithWhatElseGoesThere() {
    Scene scene = scene(50, 20, 50);
    route(scene, 1, 3, 2);
    scene.send("relayed", 1, 3, 50_000_000);
    scene.send("own", 2, 3, 50_000_000);
    scene.runUntil(4);
    assertThat(scene.sent(1, 3)).isEqualTo(5_000_000);
    assertThat(scene.sent(2, 3)).isEqualTo(5_000_000);
  }

  @Test
  void whatTheSecondHalfHoldsBackIsLeftToOthersOfTheFirst() {
    Scene scene = scene(50, 50, 10);
    route(scene, 1, 3, 2);
    scene.send("relayed", 1, 3, 50_000_000);
    scene.send("direct", 1, 2, 50_000_000);
    scene.runUntil(4);
    assertThat(scene.sent(1, 3)).isEqualTo(5_000_000);
    assertThat(scene.sent(1, 2)).isEqualTo(20_000_000);
  }

  @Test
  void aNarrowWayIsSharedByWhatIsRelayedThere() {
    Scene scene =
        scene(
            "[{cores: 24, mbit: 50}, {cores: 24, mbit: 50}, {cores: 24, mbit: 50}]",
            "links: {w2>w3: 8}");
    scene.network.sever(new WorkerPair(w(1), w(3)));
    route(scene, 1, 3, 2);
    scene.send("relayed", 1, 3, 50_000_000);
    scene.runUntil(1);
    assertThat(scene.sent(1, 3)).isEqualTo(1_000_000);
    scene.send("own", 2, 3, 50_000_000);
    scene.runUntil(2);
    assertThat(scene.sent(1, 3)).isEqualTo(1_500_000);
    assertThat(scene.sent(2, 3)).isEqualTo(500_000);
  }

  @Test
  void aRelayInTheOwnSiteIsReachedOverTheLan() {
    Scene scene =
        scene("[{site: a, count: 2, cores: 24, mbit: 20}, {site: b, cores: 24, mbit: 50}]", "");
    scene.network.sever(new WorkerPair(w(1), w(3)));
    route(scene, 1, 3, 2);
    scene.send("relayed", 1, 3, 5_000_000);
    scene.runUntil(10);
    assertThat(scene.delivered).containsExactly(entry("relayed", 2 * SECOND + LATENCY + 500_000));
  }

  @Test
  void severalRelaysAreOneAfterTheOther() {
    Scene scene = scene(50, 40, 50, 20);
    route(scene, 1, 3, 2, 4);
    scene.send("a", 1, 3, 2_500_000);
    scene.runUntil(10);
    assertThat(scene.delivered).containsExactly(entry("a", SECOND + 3 * LATENCY));
  }

  @Test
  void messagesWaitUntilAnotherWayIsFoundAndGoOnFromWhereTheyWere() {
    Scene it = scene(20, 20, 20);
    WorkerPair pair = new WorkerPair(w(1), w(3));
    it.network.mend(pair);
    it.send("a", 1, 3, 5_000_000);
    it.send("b", 1, 3, 2_500_000);
    it.at(1, () -> it.network.sever(pair));
    it.runUntil(3);
    assertThat(it.sent(1, 3)).isEqualTo(2_500_000);
    it.at(4, () -> route(it, 1, 3, 2));
    it.runUntil(10);
    assertThat(it.left).containsExactly(entry("a", 5 * SECOND), entry("b", 6 * SECOND));
  }

  @Test
  void nothingOvertakesWhenTheDirectWayIsBack() {
    Scene scene = scene(20, 20, 20);
    route(scene, 1, 3, 2);
    scene.send("a", 1, 3, 2_500_000);
    scene.at(
        1.001,
        () -> {
          scene.network.mend(new WorkerPair(w(1), w(3)));
          route(scene, 1, 3);
          scene.send("b", 1, 3, 25);
        });
    scene.runUntil(10);
    assertThat(scene.delivered.get("a")).isEqualTo(SECOND + 2 * LATENCY);
    assertThat(scene.delivered.get("b")).as("it waits for a").isEqualTo(SECOND + 2 * LATENCY);
  }

  @Test
  void whatARelayHadWhenItDiedIsSentAgainOverAnother() {
    Scene scene = scene(20, 20, 20, 20);
    route(scene, 1, 3, 2);
    scene.send("a", 1, 3, 2_500_000);
    scene.send("b", 1, 3, 5_000_000);
    scene.at(1.01, () -> scene.network.drop(w(2)));
    scene.runUntil(2);
    assertThat(scene.left).as("a is on its way").containsExactly(entry("a", SECOND));
    assertThat(scene.delivered).isEmpty();
    assertThat(scene.network.queued(w(1), w(3))).isEqualTo(2);
    long before = scene.sent(1, 3);
    assertThat(before).isEqualTo(2_525_000);
    scene.at(4, () -> route(scene, 1, 3, 4));
    scene.runUntil(20);
    assertThat(scene.left).as("a has left once").contains(entry("a", SECOND));
    assertThat((double) Objects.requireNonNull(scene.delivered.get("a")))
        .isCloseTo(5.0 * SECOND + 2 * LATENCY, within(1e3));
    assertThat((double) Objects.requireNonNull(scene.delivered.get("b")))
        .isCloseTo(6.99 * SECOND + 2 * LATENCY, within(1e3));
    assertThat(scene.sent(1, 3)).as("twice what was lost").isEqualTo(10_000_000);
  }

  @Test
  void aRelayThatStandsStillOrIsCutOffRelaysNothing() {
    Scene scene = scene(20, 20, 20);
    route(scene, 1, 3, 2);
    scene.send("a", 1, 3, 10_000_000);
    scene.at(1, () -> scene.network.still(w(2), true));
    scene.at(2, () -> scene.network.still(w(2), false));
    scene.at(3, () -> scene.network.cut(w(2), w(3)));
    scene.at(4, () -> scene.network.heal(w(2), w(3)));
    scene.runUntil(10);
    assertThat(scene.left).containsExactly(entry("a", 6 * SECOND));
  }
}
