package io.dlion.core.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Timer;
import io.dlion.core.node.Timers;
import io.dlion.core.report.Report;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final Timers timers = new Timers();
  private final Outbox outbox = new Outbox(new WorkerId("w1"), List::of, 1);
  private final Patience patience = new Patience(timers, outbox);
  private final List<Double> asked = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  /** Lets time pass until then, seconds since the run began. */
  private void until(double seconds) {
    long end = (long) (seconds * 1e9);
    while (timers.next().isPresent() && timers.next().getAsLong() <= end) {
      long now = timers.next().getAsLong();
      outbox.at(now);
      assertThat(timers.expired(Timer.WAITING, now)).isTrue();
      if (patience.expired()) {
        asked.add(now / 1e9);
      }
      for (Action action : outbox.take()) {
        notices.add(((Report.Notice) ((Action.Tell) action).report()).text());
      }
    }
    outbox.at(end);
  }

  @Test
  void waitsAreSpokenOfEverMoreSeldomAndAskedEveryFiveSecondsInTheEnd() {
    until(10);
    patience.waitFor("an answer", 0);
    until(100);
    assertThat(asked).startsWith(12.0, 14.0, 18.0, 23.0, 28.0).hasSize(19);
    assertThat(notices)
        .containsExactly(
            "has waited 5 s for an answer",
            "has waited 10 s for an answer",
            "has waited 20 s for an answer",
            "has waited 40 s for an answer",
            "has waited 80 s for an answer");
  }

  @Test
  void whatUsuallyTakesLongIsAskedForLater() {
    patience.waitFor("an answer", 1_000_000_000L);
    until(7);
    assertThat(asked).containsExactly(4.0);
  }

  /** One answer that was late says nothing of the next, which may be lost. */
  @Test
  void whatUsuallyTakesVeryLongIsAskedForAllTheSame() {
    patience.waitFor("an answer", 60_000_000_000L);
    until(13);
    assertThat(asked).containsExactly(5.0, 10.0);
  }

  @Test
  void waitingGoesOnWhenItIsSaidAgain() {
    patience.waitFor("an answer", 0);
    until(1.5);
    patience.waitFor("an answer", 0);
    until(3);
    assertThat(asked).containsExactly(2.0);
  }

  @Test
  void anotherThingIsPartOfTheSameWait() {
    patience.waitFor("a server", 0);
    until(1.5);
    patience.waitFor("an answer", 0);
    until(6);
    assertThat(asked.getFirst()).isEqualTo(3.5);
    assertThat(notices).containsExactly("has waited 5 s for an answer");
  }

  @Test
  void whatHasEndedIsNotWaitedFor() {
    patience.waitFor("an answer", 0);
    until(1);
    patience.end();
    until(100);
    assertThat(asked).isEmpty();
    assertThat(timers.next()).isEmpty();
    assertThat(patience.expired()).isFalse();
    patience.waitFor("an answer", 0);
    until(102.5);
    assertThat(asked).as("a new wait").containsExactly(102.0);
  }
}
