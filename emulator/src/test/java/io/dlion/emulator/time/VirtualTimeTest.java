package io.dlion.emulator.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> done = new ArrayList<>();

  private Runnable note(String what) {
    return () -> done.add(what + "@" + time.nowNanos());
  }

  @Test
  void doesThingsInOrderOfTimeAndThenOfScheduling() {
    time.at(20, note("late"));
    time.at(10, note("first"));
    time.at(10, note("second"));
    time.at(
        10,
        () -> {
          time.at(5, note("overdue"));
          time.after(10, note("after late"));
        });
    while (time.step(1000)) {}
    assertThat(done)
        .containsExactly("first@10", "second@10", "overdue@10", "late@20", "after late@20");
  }

  @Test
  void stopsWhereItIsTold() {
    time.at(10, note("a"));
    time.at(11, note("b"));
    assertThat(time.step(10)).isTrue();
    assertThat(time.step(10)).isFalse();
    assertThat(time.nowNanos()).isEqualTo(10);
    assertThat(time.pending()).isOne();
  }

  @Test
  void whatIsCancelledDoesNotHappen() {
    time.at(10, note("a")).cancel();
    time.after(Long.MAX_VALUE, note("never"));
    assertThat(time.step(1000)).isFalse();
    assertThat(done).isEmpty();
  }
}
