package io.dlion.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import io.dlion.monitor.comparison.trace.RunRecorder;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bytes of links, which line is busiest, and what would be improved. */
class TrafficTest {
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");
  private static final long END_NANOS = 10_000_000_000L;

  private final Environment where =
      Environments.parse(
              "sites",
              """
              workers:
                - {site: a, speed: 4, mbit: 40}
                - {site: a, speed: 2, mbit: 20}
                - {site: b, speed: 1, mbit: 8}
              links: {w1>w3: 4}
              """)
          .withRealBandwidth();

  private static SeedRun run(long seed, long toW3, long toW2) {
    RunRecorder recorder = new RunRecorder(seed, List.of(W1, W2, W3), 0, 1);
    recorder.transferBegan(W1, W3, 0);
    recorder.transferEnded(W1, W3, 1, toW3);
    recorder.transferBegan(W1, W2, 0);
    recorder.transferEnded(W1, W2, 1, toW2);
    recorder.transferBegan(W3, W2, 0);
    recorder.transferEnded(W3, W2, 1, 1_000_000);
    return recorder.finish("time", END_NANOS);
  }

  private final List<Traffic> traffic =
      Traffic.of(where, List.of(run(1, 4_000_000, 9_000_000), run(2, 5_000_000, 9_000_000)));

  @Test
  void linksHaveTheMeanOverRunsAndThoseBetweenSitesComeFirst() {
    assertThat(traffic)
        .containsExactly(
            new Traffic(W1, W3, true, 4, 4_500_000, 450_000),
            new Traffic(W3, W2, true, 8, 1_000_000, 100_000),
            new Traffic(W1, W2, false, 1000, 9_000_000, 900_000));
    assertThat(traffic.getFirst().use()).isEqualTo(0.9, within(1e-9));
    assertThat(traffic.getFirst().bytesPerDay()).isEqualTo(450_000 * 86_400.0);
    assertThat(Traffic.wanBytes(traffic)).isEqualTo(5_500_000);
    assertThat(Traffic.wanBytesPerSecond(traffic)).isEqualTo(550_000);
    assertThat(Traffic.allBytesPerSecond(traffic)).isEqualTo(1_450_000);
  }

  @Test
  void theBusiestLineIsMadeFaster() {
    BusyLine line = BusyLine.of(where, traffic).orElseThrow();
    assertThat(line.title())
        .isEqualTo(
            "the way between w1 and w3 twice as fast (8.0 instead of 4.0 Mbit/s; 90 % in use now)");
    assertThat(line.faster().pathBytesPerSecond(W1, W3, 0)).isEqualTo(1_000_000);
  }

  @Test
  void whereAllIsOneSiteThereIsNoLine() {
    Environment site =
        Environments.parse("site", "workers: [{count: 3, site: a, speed: 1, mbit: LAN}]");
    assertThat(BusyLine.of(site, Traffic.of(site, List.of(run(1, 1000, 1000))))).isEmpty();
  }

  @Test
  void improvementsAreAWorkerALineAndAMachine() {
    List<Upgrade> all = Upgrade.of(where, traffic, Optional.empty());
    assertThat(all)
        .extracting(Upgrade::title)
        .containsExactly(
            "one more worker like w1, the fastest",
            "the way between w1 and w3 twice as fast (8.0 instead of 4.0 Mbit/s; 90 % in use now)",
            "w3, the slowest machine, twice as fast");
    assertThat(all.getFirst().environment().workers()).hasSize(4);
    assertThat(all.getLast().environment().speedOf(W3, 0)).isEqualTo(0.5);
    assertThat(Upgrade.of(where, traffic, Optional.of(W2)).getFirst().title())
        .isEqualTo("one more worker like w2");
  }
}
