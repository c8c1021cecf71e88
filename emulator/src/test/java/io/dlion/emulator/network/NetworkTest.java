package io.dlion.emulator.network;

import static io.dlion.emulator.network.Scene.SECOND;
import static io.dlion.emulator.network.Scene.w;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import org.junit.jupiter.api.Test;

/** 20 Mbit/s are 2,500,000 bytes per second. Latency between sites is 25 ms. */
class NetworkTest {
  private static final long LATENCY = 25_000_000;

  @Test
  void aTransferTakesItsBytesOverTheRateAndThenTheLatency() {
    Scene scene = Scene.apart(20, 50);
    scene.send("a", 1, 2, 5_000_000);
    scene.runUntil(10);
    assertThat(scene.left).containsExactly(entry("a", 2 * SECOND));
    assertThat(scene.delivered).containsExactly(entry("a", 2 * SECOND + LATENCY));
    assertThat(scene.sent(1, 2)).isEqualTo(5_000_000);
    assertThat(scene.time.pending()).isZero();
  }

  @Test
  void transfersOfOneSenderShareItsLink() {
    Scene scene = Scene.apart(20, 20, 20);
    scene.send("a", 1, 2, 2_500_000);
    scene.send("b", 1, 3, 2_500_000);
    scene.runUntil(1);
    assertThat(scene.sent(1, 2)).isEqualTo(1_250_000);
    scene.runUntil(10);
    assertThat(scene.left).containsExactly(entry("a", 2 * SECOND), entry("b", 2 * SECOND));
  }

  @Test
  void aLinkIsFullDuplex() {
    Scene scene = Scene.apart(20, 20);
    scene.send("a", 1, 2, 2_500_000);
    scene.send("b", 2, 1, 2_500_000);
    scene.runUntil(10);
    assertThat(scene.left).containsExactly(entry("a", SECOND), entry("b", SECOND));
  }

  @Test
  void fiveSendersShareOneReceiverAndTakeOverWhatTheOthersLeave() {
    Scene scene = Scene.apart(50, 50, 50, 50, 50, 20);
    for (int k = 1; k <= 5; k++) {
      scene.send("" + k, k, 6, k * 100_000L);
    }
    scene.runUntil(10);
    // 100 kB each at 2.5/5 MB/s, then 100 kB more of four at 2.5/4, and so on.
    assertThat(scene.left)
        .containsExactly(
            entry("1", 200_000_000L),
            entry("2", 360_000_000L),
            entry("3", 480_000_000L),
            entry("4", 560_000_000L),
            entry("5", 600_000_000L));
  }

  @Test
  void whatOneFlowCannotUseGoesToTheOthers() {
    Scene scene = Scene.apart(45, 100, 10, 80);
    scene.send("a", 1, 3, 100_000_000);
    scene.send("b", 1, 4, 100_000_000);
    scene.send("c", 2, 4, 100_000_000);
    scene.runUntil(1);
    // w3 takes 10 of w1's 45, w1 sends the other 35 to w4, which has 45 of its 80 left for w2.
    assertThat(scene.sent(1, 3)).isEqualTo(1_250_000);
    assertThat(scene.sent(1, 4)).isEqualTo(4_375_000);
    assertThat(scene.sent(2, 4)).isEqualTo(5_625_000);
  }

  @Test
  void higherPriorityInterrupts() {
    Scene scene = Scene.apart(20, 20);
    scene.send("gradient", 1, 2, 2_500_000, Priority.GRADIENT);
    scene.at(0.2, () -> scene.send("weights", 1, 2, 2_500_000, Priority.WEIGHTS));
    scene.at(0.4, () -> scene.send("control", 1, 2, 250_000, Priority.CONTROL));
    scene.at(1.5, () -> scene.send("gradient 2", 1, 2, 500_000, Priority.GRADIENT));
    scene.runUntil(1.6);
    assertThat(scene.sent(1, 2)).isEqualTo(4_000_000);
    scene.runUntil(10);
    assertThat(scene.left)
        .containsOnly(
            entry("control", 500_000_000L),
            entry("gradient", 1_100_000_000L),
            entry("gradient 2", 1_700_000_000L),
            entry("weights", 2_300_000_000L));
    assertThat(scene.delivered).containsEntry("control", 525_000_000L);
  }

  @Test
  void messagesOfOnePriorityKeepTheirOrder() {
    Scene scene = Scene.apart(20, 20);
    scene.send("a", 1, 2, 2_500_000);
    scene.send("b", 1, 2, 25);
    scene.send("c", 1, 2, 25);
    assertThat(scene.network.queued(w(1), w(2))).isEqualTo(3);
    scene.runUntil(10);
    assertThat(scene.left)
        .containsExactly(
            entry("a", SECOND), entry("b", SECOND + 10_000), entry("c", SECOND + 20_000));
  }

  @Test
  void aMessageWhoseLastByteLeavesNowIsNotInterrupted() {
    Scene scene = Scene.apart(20, 20, 20);
    scene.at(
        1,
        () -> {
          scene.send("control", 1, 2, 2_500_000, Priority.CONTROL);
          scene.send("other", 1, 3, 25);
        });
    scene.send("gradient", 1, 2, 2_500_000);
    scene.runUntil(10);
    assertThat(scene.left)
        .containsOnly(
            entry("gradient", SECOND),
            entry("other", SECOND + 20_000),
            entry("control", 2 * SECOND + 10_000));
  }

  @Test
  void bandwidthMayChangeInTheMiddleOfATransfer() {
    Scene scene =
        new Scene(
            """
            workers:
            - {cores: 24, mbit: [{from: 0s, value: 20}, {from: 1s, value: 5}, {from: 3s, value: 10}]}
            - {cores: 24, mbit: 50}
            """);
    scene.send("a", 1, 2, 5_000_000);
    scene.runUntil(10);
    // 2.5 MB in the first second, 1.25 MB in the next two, then 1.25 MB/s.
    assertThat(scene.left).containsExactly(entry("a", 4 * SECOND));
  }

  @Test
  void aLanIsApartFromTheAccessLink() {
    Scene scene =
        new Scene(
            """
            latency: {lan: 1ms}
            workers:
            - {count: 2, site: a, cores: 24, mbit: 20}
            - {count: 2, site: b, cores: 24, mbit: 20}
            """);
    scene.send("near", 1, 2, 125_000_000);
    scene.send("far", 1, 3, 2_500_000);
    scene.send("also near", 4, 3, 125_000_000);
    scene.runUntil(10);
    assertThat(scene.left)
        .containsOnly(entry("near", SECOND), entry("far", SECOND), entry("also near", SECOND));
    assertThat(scene.delivered).containsEntry("near", SECOND + 1_000_000);
  }

  @Test
  void sitesWithLanAccessAreOneLan() {
    Scene scene =
        new Scene(
            """
            workers:
            - {count: 2, site: a, cores: 24, mbit: LAN}
            - {count: 2, site: b, cores: 24, mbit: LAN}
            - {site: c, cores: 24, mbit: 20}
            """);
    scene.send("near", 1, 2, 62_500_000);
    scene.send("far", 1, 3, 62_500_000);
    scene.send("out", 1, 5, 2_500_000);
    scene.runUntil(10);
    assertThat(scene.left)
        .containsOnly(entry("near", SECOND), entry("far", SECOND), entry("out", SECOND));
    assertThat(scene.delivered)
        .containsEntry("far", SECOND + 500_000)
        .containsEntry("out", SECOND + LATENCY);
  }

  @Test
  void aNarrowWayLeavesTheRestToOthers() {
    Scene scene =
        new Scene(
            """
            workers: [{count: 3, cores: 24, mbit: 20}]
            links: {w1>w2: {mbit: [{from: 0s, value: 4}, {from: 2s, value: 12}], latency: 80ms}}
            """);
    scene.send("narrow", 1, 2, 100_000_000);
    scene.send("wide", 1, 3, 100_000_000);
    scene.runUntil(2);
    assertThat(scene.sent(1, 2)).isEqualTo(1_000_000);
    assertThat(scene.sent(1, 3)).isEqualTo(4_000_000);
    scene.runUntil(3);
    assertThat(scene.sent(1, 2)).isEqualTo(2_250_000);
    scene.send("urgent", 1, 2, 1250, Priority.CONTROL);
    scene.runUntil(4);
    assertThat(scene.left).containsEntry("urgent", 3_001_000_000L);
    assertThat(scene.delivered).containsEntry("urgent", 3_081_000_000L);
  }

  @Test
  void whatIsCutWaitsAndLeavesTheLinkToOthers() {
    Scene scene = Scene.apart(20, 20, 20);
    scene.send("a", 1, 2, 2_500_000);
    scene.send("b", 1, 3, 2_500_000);
    scene.at(1, () -> scene.network.cut(w(1), w(2)));
    scene.at(1.1, () -> scene.send("c", 1, 2, 250_000, Priority.CONTROL));
    scene.at(1.2, () -> scene.send("back", 2, 1, 2_500_000));
    scene.at(1.3, () -> scene.network.cut(w(1), w(2)));
    scene.runUntil(3);
    assertThat(scene.left).containsOnly(entry("b", 1_500_000_000L), entry("back", 2_200_000_000L));
    assertThat(scene.sent(1, 2)).isEqualTo(1_250_000);
    assertThat(scene.network.queued(w(1), w(2))).isEqualTo(2);
    scene.network.heal(w(1), w(2));
    scene.network.heal(w(1), w(2));
    scene.runUntil(10);
    assertThat(scene.left).containsEntry("c", 3_100_000_000L).containsEntry("a", 3_600_000_000L);
  }

  @Test
  void whatHasLeftBeforeACutArrives() {
    Scene scene = Scene.apart(20, 20);
    scene.send("a", 1, 2, 2_500_000);
    scene.at(1.01, () -> scene.network.cut(w(1), w(2)));
    scene.runUntil(10);
    assertThat(scene.delivered).containsExactly(entry("a", SECOND + LATENCY));
  }

  @Test
  void everythingOfACrashedWorkerIsLost() {
    Scene scene = Scene.apart(20, 20, 20);
    scene.send("on the way", 1, 3, 250);
    scene.at(0.01, () -> scene.send("from it", 1, 3, 2_500_000));
    scene.at(0.01, () -> scene.send("waiting", 1, 3, 2_500_000));
    scene.at(0.01, () -> scene.send("to it", 2, 1, 2_500_000));
    scene.at(0.01, () -> scene.send("of others", 2, 3, 2_500_000));
    scene.at(0.02, () -> scene.network.drop(w(1)));
    scene.runUntil(10);
    // 10 ms at half the rate are 12,500 bytes of each; then it has the link to itself.
    assertThat(scene.left)
        .containsOnly(entry("on the way", 100_000L), entry("of others", 1_015_000_000L));
    assertThat(scene.delivered).containsOnlyKeys("of others");
    assertThat(scene.network.queued(w(1), w(3))).isZero();
    assertThat(scene.network.queued(w(2), w(1))).isZero();
    assertThat(scene.sent(1, 3)).isEqualTo(250 + 12_500);

    scene.send("after restart", 1, 3, 2_500_000);
    scene.runUntil(20);
    assertThat(scene.left).containsEntry("after restart", 11 * SECOND);
    assertThat(scene.delivered).containsEntry("after restart", 11 * SECOND + LATENCY);
  }

  @Test
  void aCallbackMayCrashAWorkerWhoseMessageLeavesAtTheSameInstant() {
    Scene scene = Scene.apart(20, 20, 20, 20);
    scene.network.send(
        w(1), w(2), 2_500_000, Priority.GRADIENT, () -> scene.network.drop(w(3)), () -> {});
    scene.send("a", 3, 4, 2_500_000);
    scene.runUntil(10);
    assertThat(scene.left).isEmpty();
    assertThat(scene.sent(3, 4)).isEqualTo(2_500_000);
  }

  @Test
  void whoHearsThatItsMessageHasLeftMaySendTheNextWithoutAPause() {
    Scene scene = Scene.apart(20, 20, 20);
    scene.send("other", 1, 3, 5_000_000);
    scene.network.send(
        w(1),
        w(2),
        1_250_000,
        Priority.GRADIENT,
        () -> {
          assertThat(scene.network.idle(w(1), w(2), Priority.GRADIENT)).isTrue();
          scene.send("next", 1, 2, 1_250_000);
        },
        () -> {});
    scene.runUntil(10);
    assertThat(scene.left).containsOnly(entry("next", 2 * SECOND), entry("other", 3 * SECOND));
  }

  @Test
  void anEmptyMessageLeavesAtOnceButInItsTurn() {
    Scene scene = Scene.apart(20, 20);
    scene.send("empty", 1, 2, 0);
    scene.runUntil(1);
    scene.send("a", 1, 2, 2_500_000);
    scene.send("empty too", 1, 2, 0);
    scene.runUntil(10);
    assertThat(scene.left)
        .containsOnly(entry("empty", 0L), entry("a", 2 * SECOND), entry("empty too", 2 * SECOND));
  }

  @Test
  void saysWhichPrioritiesAreIdle() {
    Scene scene = Scene.apart(20, 20);
    assertThat(scene.network.idle(w(1), w(2), Priority.GRADIENT)).isTrue();
    scene.send("a", 1, 2, 2_500_000);
    assertThat(scene.network.idle(w(1), w(2), Priority.GRADIENT)).isFalse();
    assertThat(scene.network.idle(w(1), w(2), Priority.WEIGHTS)).isTrue();
    assertThat(scene.network.idle(w(2), w(1), Priority.GRADIENT)).isTrue();
    scene.runUntil(0.999999999);
    assertThat(scene.network.idle(w(1), w(2), Priority.GRADIENT)).isFalse();
    scene.runUntil(1);
    assertThat(scene.network.idle(w(1), w(2), Priority.GRADIENT)).isTrue();
  }

  @Test
  void aProbeFindsTheNarrowerEndsShareForEachPeer() {
    Scene scene =
        new Scene(
            """
            workers:
            - {count: 3, site: a, cores: 24, mbit: 20}
            - {site: b, cores: 24, mbit: 60}
            - {site: b, cores: 24, mbit: 3}
            links: {w1>w2: 5}
            """);
    // w1 has 2 peers elsewhere, w4 and w5 have 3.
    assertThat(scene.network.goodputBytesPerSecond(w(1), w(4))).isEqualTo(1_250_000);
    assertThat(scene.network.goodputBytesPerSecond(w(4), w(1))).isEqualTo(1_250_000);
    assertThat(scene.network.goodputBytesPerSecond(w(1), w(5))).isEqualTo(125_000);
    assertThat(scene.network.goodputBytesPerSecond(w(2), w(3))).isEqualTo(62_500_000);
    assertThat(scene.network.goodputBytesPerSecond(w(4), w(5))).isEqualTo(125_000_000);
    assertThat(scene.network.goodputBytesPerSecond(w(1), w(2))).isEqualTo(625_000);
  }

  @Test
  void goodputForgetsWithTheTimeTheLinkIsBusy() {
    Scene scene = Scene.apart(20, 20, 20);
    // Probed: 1.25 MB/s. Then alone on its link, at 2.5 MB/s, for 5 s: the difference falls to 1/e.
    scene.send("a", 1, 2, 12_500_000);
    double once = 2_500_000 - 1_250_000 / Math.E;
    scene.runUntil(5);
    assertThat(goodput(scene)).isCloseTo(once, within(1e-3));
    scene.runUntil(100);
    assertThat(goodput(scene)).isCloseTo(once, within(1e-3));
    scene.at(100, () -> scene.send("b", 1, 2, 125_000_000));
    scene.runUntil(110);
    double thrice = 2_500_000 - 1_250_000 / Math.pow(Math.E, 3);
    assertThat(goodput(scene)).isCloseTo(thrice, within(1e-3));
    scene.network.drop(w(2));
    assertThat(goodput(scene)).isEqualTo(1_250_000);
  }

  private static double goodput(Scene scene) {
    return scene.network.goodputBytesPerSecond(w(1), w(2));
  }

  @Test
  void refusesWhatMakesNoSense() {
    Scene scene = Scene.apart(20, 20);
    assertThatThrownBy(() -> scene.send("a", 1, 1, 5)).hasMessage("w1 has no link to itself");
    assertThatThrownBy(() -> scene.send("a", 1, 2, -5)).hasMessage("a message of -5 bytes");
    assertThatThrownBy(() -> scene.network.queued(w(1), new WorkerId("x")))
        .hasMessage("scene has no worker x");
  }
}
