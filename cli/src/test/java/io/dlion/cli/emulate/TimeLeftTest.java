package io.dlion.cli.emulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.monitor.comparison.trace.Interval;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.ServerTrace;
import io.dlion.monitor.comparison.trace.StreamTrace;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
  private final TimeLeft left = new TimeLeft(2);

  private static SeedRun run(String stoppedBy, double seconds) {
    return new SeedRun(
        1,
        stoppedBy,
        seconds,
        List.of(),
        new SeedRun.Totals(0.8, 0.8, 0, 1, 1000, 10, 1000, 0, 0, 0),
        new Interval(0, 0),
        List.of(),
        List.of(),
        ServerTrace.NONE,
        StreamTrace.NONE);
  }

  @Test
  void runsToComeTakeAsLongAsThoseThatAreDoneAndSeveralAreUnderWay() {
    left.expect(3, 100);
    left.expect(2, 600);
    assertThat(left.count()).isEqualTo("  0/5");
    assertThat(left.text()).isEmpty();
    left.done(100, run("time", 100), 20);
    assertThat(left.count()).isEqualTo("  1/5");
    assertThat(left.text()).isEqualTo(", about 2 min left"); // 1400 s · 0.2 / 2
    left.expect(-1, 600);
    assertThat(left.text()).isEqualTo(", about 1 min left"); // 800 s · 0.2 / 2
    left.kept(600);
    assertThat(left.text()).isEqualTo(", about 20 s left"); // 200 s · 0.2 / 2
  }

  @Test
  void runsThatEndAtTheTargetMakeTheOthersShorterToo() {
    left.expect(4, 100);
    left.expect(1, 900);
    left.done(100, run("target", 40), 40);
    // One ended at the target, and another is thought of that takes twice as long.
    assertThat(left.text()).isEqualTo(", about 2 min left"); // 4 · (40 + 80) / 2 s · 1 / 2
    left.done(100, run("time", 100), 100);
    // (40 + 100 + 80) / 3, and (40 + 900 + 80) / 3.
    assertThat(left.text()).isEqualTo(", about 4 min left"); // (2 · 73.3 + 340) s · 1 / 2
  }

  @Test
  void whereNothingIsLeftNothingIsSaid() {
    left.expect(1, 7200);
    left.expect(1, 60_000);
    left.done(7200, run("time", 7200), 7200);
    assertThat(left.text()).isEqualTo(", about 8.3 h left");
    left.kept(60_000);
    assertThat(left.count()).isEqualTo("  2/2");
    assertThat(left.text()).isEmpty();
  }
}
