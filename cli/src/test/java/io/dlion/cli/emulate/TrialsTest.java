package io.dlion.cli.emulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.WorkerId;
import io.dlion.monitor.comparison.trace.RunRecorder;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrialsTest {
  private static SeedRun seedRun(long seed) {
    return new RunRecorder(seed, List.of(new WorkerId("w1")), 0, 1).finish("time", 1);
  }

  @Test
  void thoseOfALowerRankBeginFirstAndThoseOfTheSameRankInTheirOrder() throws Exception {
    List<Long> begun = new ArrayList<>(); // with one thread
    CountDownLatch allSubmitted = new CountDownLatch(1);
    try (Trials trials = new Trials(1, () -> false)) {
      Trials.Run blocker =
          trials.submit(
              9,
              () -> {
                allSubmitted.await();
                return seedRun(0);
              });
      List<Trials.Run> runs = new ArrayList<>();
      for (long seed : List.of(20L, 21L, 10L, 11L)) {
        runs.add(
            trials.submit(
                (int) seed / 10,
                () -> {
                  begun.add(seed);
                  return seedRun(seed);
                }));
      }
      allSubmitted.countDown();
      assertThat(blocker.await()).isPresent();
      for (Trials.Run run : runs) {
        assertThat(run.await()).isPresent();
      }
    }
    assertThat(begun).containsExactly(10L, 11L, 20L, 21L);
  }

  @Test
  void severalAreUnderWayAtATime() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2); // one alone would wait until the test's time is over
    try (Trials trials = new Trials(2, () -> false)) {
      List<Trials.Run> runs = new ArrayList<>();
      for (long seed = 1; seed <= 2; seed++) {
        long mine = seed;
        runs.add(
            trials.submit(
                0,
                () -> {
                  both.await(30, TimeUnit.SECONDS);
                  return seedRun(mine);
                }));
      }
      assertThat(runs.get(0).await().orElseThrow().seed()).isEqualTo(1);
      assertThat(runs.get(1).await().orElseThrow().seed()).isEqualTo(2);
    }
  }

  @Test
  void whatWasStoppedComesToNothingAndWhatWasCompleteStays() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    try (Trials trials = new Trials(1, interrupted::get)) {
      Trials.Run complete = trials.submit(0, () -> seedRun(1));
      assertThat(complete.await()).isPresent();
      Trials.Run underWay =
          trials.submit(
              0,
              () -> {
                interrupted.set(true);
                return seedRun(2);
              });
      Trials.Run never =
          trials.submit(
              0,
              () -> {
                throw new AssertionError("begun after the end");
              });
      assertThat(underWay.await()).isEmpty();
      assertThat(never.await()).isEmpty();
      assertThat(complete.await()).isPresent();
    }
  }

  @Test
  void aFailureIsTheCallers() {
    try (Trials trials = new Trials(1, () -> false)) {
      Trials.Run full =
          trials.submit(
              0,
              () -> {
                throw new IOException("no space left");
              });
      assertThatThrownBy(full::await).isInstanceOf(IOException.class).hasMessage("no space left");
    }
  }
}
