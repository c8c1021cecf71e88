package io.dlion.emulator.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  private static final long SECOND = 1_000_000_000L;
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");

  private static Environment environment(String... lines) {
    return Environments.parse("test", String.join("\n", lines));
  }

  /** Two in one site, one in another. */
  private static Environment three(String... more) {
    return environment(
        "workers:",
        "  - {count: 2, site: a, cores: 24, mbit: 20}",
        "  - {site: b, cores: 4, mbit: 8}",
        String.join("\n", more));
  }

  @Test
  void anIterationTakesAlphaPlusBetaTimesSamplesOverSpeed() {
    Environment environment = three();
    // 0.10 s + 0.90 s · b/32 on 24 cores.
    assertThat(environment.computeNanos(W1, 32, 0)).isEqualTo(SECOND);
    assertThat(environment.computeNanos(W1, 64, 7 * SECOND)).isEqualTo(1_900_000_000L);
    // (24/4)^0.9 = 6^0.9 = e^(0.9 · 1.791759469) = e^1.612583522 = 5.015753…
    assertThat(environment.computeNanos(W3, 32, 0)).isCloseTo(5_015_753_000L, within(1_000L));
  }

  @Test
  void capacityMayChangeInTheMiddleOfAnIteration() {
    Environment environment =
        environment(
            "workers:",
            "  - mbit: 20",
            "    cores: [{from: 0s, value: 24}, {from: 10s, value: 0}, {from: 15s, value: 240}]",
            "  - {mbit: 20, cores: [{from: 0s, value: 24}, {from: 10s, value: 0}]}");
    // 8.2 s of work from 4 s on: 6 s of it done at 10 s, nothing until 15 s, then 10^0.9 = 7.943282
    // times as fast: 2.2 / 7.943282 = 0.276964 s.
    int samples = 288; // 0.1 + 0.9 · 9 = 8.2
    assertThat(environment.computeNanos(W1, samples, 4 * SECOND))
        .isCloseTo(11_276_964_000L, within(1_000L));
    assertThat(environment.computeNanos(W1, 32, 9 * SECOND)).isEqualTo(SECOND);
    assertThat(environment.computeNanos(W1, 32, 12 * SECOND))
        .isCloseTo(3 * SECOND + 125_892_541L, within(1L));
    assertThat(environment.computeNanos(W2, 32, 9 * SECOND)).isEqualTo(SECOND);
    assertThat(environment.computeNanos(W2, 32, 9 * SECOND + 1)).isEqualTo(Long.MAX_VALUE);
    assertThat(environment.computeNanos(W2, 32, 11 * SECOND)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void workersOfASiteReachEachOtherOverTheirLan() {
    Environment environment = three();
    assertThat(environment.isLan(W1, W2)).isTrue();
    assertThat(environment.isLan(W1, W3)).isFalse();
    assertThat(environment.latencyNanos(W1, W2)).isEqualTo(500_000);
    assertThat(environment.latencyNanos(W3, W2)).isEqualTo(25_000_000);
    assertThat(environment.accessBytesPerSecond(W1, 0)).isEqualTo(2_500_000);
    assertThat(environment.accessBytesPerSecond(W3, 0)).isEqualTo(1_000_000);
    assertThat(environment.lanBytesPerSecond()).isEqualTo(125_000_000);
  }

  @Test
  void workersWithLanAccessReachEachOtherAsInOneSite() {
    Environment environment =
        environment(
            "lan-mbit: 100",
            "workers:",
            "  - {count: 2, cores: 24, mbit: LAN}",
            "  - {cores: 24, mbit: 8}");
    assertThat(environment.isLan(W1, W2)).isTrue();
    assertThat(environment.isLan(W2, W3)).isFalse();
    assertThat(environment.accessBytesPerSecond(W1, 0)).isEqualTo(12_500_000);
    assertThat(environment.hasLanAccess(W1)).isTrue();
    assertThat(environment.hasLanAccess(W3)).isFalse();
  }

  @Test
  void smallModelsKeepTheRatioOfCommunicationToComputation() {
    Environment environment = three("links: {w1>w3: 4}");
    Environment half = environment.forModel(2_500_000);
    assertThat(half.accessBytesPerSecond(W1, 0)).isEqualTo(1_250_000);
    assertThat(half.lanBytesPerSecond()).isEqualTo(62_500_000);
    assertThat(half.pathBytesPerSecond(W1, W3, 0)).isEqualTo(250_000);
    assertThat(half.pathBytesPerSecond(W3, W1, 0)).isInfinite();
    assertThat(half.latencyNanos(W1, W3)).isEqualTo(25_000_000);
    assertThat(half.computeNanos(W1, 32, 0)).isEqualTo(SECOND);
    assertThat(half.forModel(2_500_000).accessBytesPerSecond(W1, 0)).isEqualTo(1_250_000);
    assertThat(half.mbit(W1).at(0)).isEqualTo(20);
    assertThat(half.withRealBandwidth().accessBytesPerSecond(W1, 0)).isEqualTo(2_500_000);
    assertThat(environment.withRealBandwidth().forModel(1).accessBytesPerSecond(W1, 0))
        .isEqualTo(2_500_000);
  }

  @Test
  void aMeasuredCalibrationComesWithRealBandwidths() {
    Environment measured = three().forModel(50).withCalibration(new Calibration(0.5, 0.25));
    assertThat(measured.computeNanos(W1, 4, 0)).isEqualTo(1_500_000_000L);
    assertThat(measured.accessBytesPerSecond(W1, 0)).isEqualTo(2_500_000);
    assertThat(measured.forModel(50).accessBytesPerSecond(W1, 0)).isEqualTo(2_500_000);
  }

  @Test
  void aFileMayCalibrateAllModelsOrSome() {
    Environment all = three("calibration: {alpha-seconds: 1, beta-seconds: 0.5}");
    assertThat(all.calibration()).isEqualTo(new Calibration(1, 0.5));
    assertThat(all.forModel("mlp", 50).accessBytesPerSecond(W1, 0)).isEqualTo(2_500_000);

    Environment some = three("calibration: {cnn: {alpha-seconds: 1, beta-seconds: 0.5}}");
    assertThat(some.forModel("cnn", 50).calibration()).isEqualTo(new Calibration(1, 0.5));
    assertThat(some.forModel("cnn", 50).accessBytesPerSecond(W1, 0)).isEqualTo(2_500_000);
    assertThat(some.forModel("mlp", 5_000).calibration()).isEqualTo(Calibration.DEFAULT);
    assertThat(some.forModel("mlp", 5_000).accessBytesPerSecond(W1, 0)).isEqualTo(2_500);

    Environment scaled =
        three("calibration: {cnn: {alpha-seconds: 1, beta-seconds: 0.5}}", "real-bandwidth: false");
    assertThat(scaled.forModel("cnn", 5_000).accessBytesPerSecond(W1, 0)).isEqualTo(2_500);
    assertThat(three("real-bandwidth: true").forModel(5).accessBytesPerSecond(W1, 0))
        .isEqualTo(2_500_000);
  }

  @Test
  void sharesOfTheBudgetFollowTheBudget() {
    Environment environment =
        environment(
            "workers:",
            "  - cores: [{from: 0s, value: 24}, {from: 1/3, value: 12}]",
            "    mbit: [{from: 0, value: 50}, {from: 50%, value: 20}]",
            "events: [{at: 2/3, pause: w1, until: 75%}]");
    assertThat(environment.capacity(W1).amount().at(500 * SECOND - 1)).isEqualTo(24);
    assertThat(environment.capacity(W1).amount().at(500 * SECOND)).isEqualTo(12);
    assertThat(environment.nextBandwidthChangeNanos(0)).isEqualTo(750 * SECOND);

    Environment shorter = environment.forModel(2_500_000).withBudget(60 * SECOND);
    assertThat(shorter.capacity(W1).amount().at(20 * SECOND - 1)).isEqualTo(24);
    assertThat(shorter.capacity(W1).amount().at(20 * SECOND)).isEqualTo(12);
    assertThat(shorter.nextBandwidthChangeNanos(0)).isEqualTo(30 * SECOND);
    assertThat(shorter.nextBandwidthChangeNanos(30 * SECOND)).isEqualTo(Long.MAX_VALUE);
    assertThat(shorter.accessBytesPerSecond(W1, 30 * SECOND)).isEqualTo(1_250_000);
    assertThat(shorter.happenings())
        .containsExactly(new Happening.Pause(40 * SECOND, W1, 45 * SECOND));
  }

  @Test
  void readsWhatHappens() {
    Environment environment =
        three(
            "events:",
            "  - {at: 1s, crash: w2}",
            "  - {at: 2s, restart: w2}",
            "  - {at: 2s, cut: w1>w3}",
            "  - {at: 3s, cut: [b], until: 9s}",
            "  - {at: 4s, heal: w3 - w1}",
            "  - {at: 5s, leave: w2}",
            "  - {at: 1m, join: w2}");
    DirectedLink to = new DirectedLink(W1, W3);
    DirectedLink back = new DirectedLink(W3, W1);
    assertThat(environment.happenings())
        .containsExactly(
            new Happening.Crash(SECOND, W2),
            new Happening.Restart(2 * SECOND, W2),
            new Happening.Cut(2 * SECOND, List.of(to)),
            new Happening.Cut(
                3 * SECOND, List.of(back, to, new DirectedLink(W3, W2), new DirectedLink(W2, W3))),
            new Happening.Heal(4 * SECOND, List.of(back, to)),
            new Happening.Leave(5 * SECOND, W2),
            new Happening.Heal(
                9 * SECOND, List.of(back, to, new DirectedLink(W3, W2), new DirectedLink(W2, W3))),
            new Happening.Join(60 * SECOND, W2));
    assertThat(environment.initialMembers()).containsExactly(W1, W2, W3);
    assertThat(three("events: [{at: 1s, join: w2}, {at: 2s, crash: w1}]").initialMembers())
        .containsExactly(W1, W3);
  }

  @Test
  void readsWhatIsParticularBetweenTwoWorkers() {
    Environment environment =
        three(
            "links:",
            "  w1>w3: 2",
            "  w3-w1: {mbit: [{from: 0s, value: 4}, {from: 5s, value: 1}], latency: 80ms}",
            "  w1-w2: {latency: 1.5ms}");
    assertThat(environment.pathBytesPerSecond(W1, W3, 0)).isEqualTo(250_000);
    assertThat(environment.pathBytesPerSecond(W3, W1, 0)).isEqualTo(500_000);
    assertThat(environment.pathBytesPerSecond(W3, W1, 5 * SECOND)).isEqualTo(125_000);
    assertThat(environment.pathBytesPerSecond(W1, W2, 0)).isInfinite();
    assertThat(environment.nextBandwidthChangeNanos(0)).isEqualTo(5 * SECOND);
    assertThat(environment.latencyNanos(W1, W3)).isEqualTo(25_000_000);
    assertThat(environment.latencyNanos(W3, W1)).isEqualTo(80_000_000);
    assertThat(environment.latencyNanos(W2, W1)).isEqualTo(1_500_000);
  }

  @Test
  void namesWorkersAndSites() {
    Environment environment =
        environment(
            "workers:",
            "  - {name: head-office, cores: 24, mbit: 20}",
            "  - {sites: 2, count: 2, cores: 24, mbit: 20}",
            "  - {sites: 1, cores: 4, mbit: 20}",
            "  - {count: 2, cores: 4, mbit: 20}",
            "links: {head-office-w2: 5}");
    assertThat(environment.workers().stream().map(w -> w.id() + "@" + w.site()))
        .containsExactly(
            "head-office@head-office",
            "w2@s1",
            "w3@s1",
            "w4@s2",
            "w5@s2",
            "w6@s3",
            "w7@w7",
            "w8@w8");
    assertThat(environment.pathBytesPerSecond(W2, new WorkerId("head-office"), 0))
        .isEqualTo(625_000);
  }

  @Test
  void refusesToSpeakOfStrangers() {
    assertThatThrownBy(() -> three().speedOf(new WorkerId("w4"), 0))
        .hasMessage("test has no worker w4");
  }

  @Test
  void aSpeedIsAPowerOfTheCores() {
    Environment environment = environment("workers: [{cores: 12, mbit: 1}]");
    // 2^0.9 = 1.8660659830736148
    assertThat(environment.busyNanos(W1, 1, 0) / 1e9).isCloseTo(1.866065983, offset(1e-9));
  }
}
