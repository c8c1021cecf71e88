package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.node.Event;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** While processors are busy links are given less, however much they carry. */
class ProcessorSharedTest {
  private static final Settings SETTINGS =
      Presets.find("dlion")
          .settings()
          .with("exchange.minimum-n", "0")
          .with("exchange.gather-share", "0")
          .with("topology.kind", "mesh");

  @Test
  void messagesAreSmallerWhileTheLimitHoldsAndAsBeforeAfterwards() {
    Simulation cluster =
        new Simulation(new Line(6000, 1), SETTINGS, 2, new Goal(60_000, Long.MAX_VALUE, 2));
    cluster.bytesPerSecond = (from, to) -> 3e5;
    Simulation.Worker first = cluster.worker(1);
    cluster.at(0.4, () -> first.handle(new Event.ProcessorShared(cluster.nowNanos(), 1e4)));
    cluster.at(0.55, () -> first.handle(limitless(cluster.nowNanos())));
    cluster.run(1000);
    List<Report.Sent> sent = first.reports(Report.Sent.class);
    double before = meanBytes(sent, 0.2, 0.4);
    double meanwhile = meanBytes(sent, 0.4, 0.55);
    double after = meanBytes(sent, 0.55, 0.7);
    assertThat(meanwhile).isLessThan(before / 5).isPositive();
    assertThat(after).isGreaterThan(before / 2);
    double ofThePeer =
        meanBytes(
            cluster.worker(2).reports(Report.Sent.class), 0.4, 0.55); // its processor is not busy
    assertThat(ofThePeer).isGreaterThan(before / 2);
  }

  @Test
  void aLinkThatIsHeldBackGathersWhatIsWorthAMessage() {
    Settings gathers = SETTINGS.with("exchange.gather-share", "0.2");
    Simulation cluster =
        new Simulation(new Line(6000, 1), gathers, 2, new Goal(60_000, Long.MAX_VALUE, 2));
    cluster.bytesPerSecond = (from, to) -> 3e5;
    Simulation.Worker first = cluster.worker(1);
    cluster.at(0.3, () -> first.handle(new Event.ProcessorShared(cluster.nowNanos(), 1e4)));
    cluster.run(1000);
    List<Report.Sent> held = between(first.reports(Report.Sent.class), 0.3, 0.9);
    List<Report.Sent> free = between(cluster.worker(2).reports(Report.Sent.class), 0.3, 0.9);
    assertThat(held).hasSizeLessThan(free.size() / 4).hasSizeGreaterThan(1);
    double bytes = held.stream().mapToLong(Report.Sent::bytes).sum();
    double rest = held.getLast().bytes(); // follows the last
    assertThat((bytes - rest) / 0.6).isLessThan(1.3e4);
    assertThat(bytes / held.size()).isGreaterThan(500);
  }

  private static List<Report.Sent> between(List<Report.Sent> sent, double from, double until) {
    return sent.stream()
        .filter(s -> s.atNanos() > from * 1e9 && s.atNanos() < until * 1e9)
        .toList();
  }

  private static Event limitless(long nanos) {
    return new Event.ProcessorShared(nanos, Double.POSITIVE_INFINITY);
  }

  private static double meanBytes(List<Report.Sent> sent, double from, double until) {
    return between(sent, from, until).stream()
        .mapToLong(Report.Sent::bytes)
        .average()
        .orElseThrow();
  }
}
