package io.dlion.cli.duty;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.job.TrainingHours;
import io.dlion.core.wire.Control.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DutyTest {
  private static final TrainingHours NIGHT =
      new TrainingHours(List.of(new TrainingHours.Span(LocalTime.of(22, 0), LocalTime.of(6, 0))));

  private final Wall wall = new Wall(Instant.parse("2026-05-04T23:00:00Z"));
  private final List<String> said = new ArrayList<>();
  private final List<Reason> asked = new ArrayList<>();

  /** A clock on the wall that a test sets. */
  private static final class Wall extends Clock {
    private volatile Instant now;

    Wall(Instant now) {
      this.now = now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private Duty duty(TrainingHours hours) {
    return new Duty(hours, wall, said::add);
  }

  @Test
  void anOperatorPausesAndResumesATurn() throws Exception {
    Duty duty = duty(TrainingHours.ALWAYS);
    assertThat(duty.await()).isTrue();
    duty.begins(asked::add);
    assertThat(duty.rest()).isEmpty();
    assertThat(duty.pause("operator anna")).isEqualTo("paused");
    assertThat(asked).containsExactly(Reason.PAUSED);
    wall.now = wall.now.plus(Duration.ofMinutes(5));
    assertThat(duty.pause("operator bob"))
        .isEqualTo("was paused already, by operator anna since 23:00");
    assertThat(duty.rest())
        .contains(
            new Duty.Rest("paused", "paused since 23:00, by operator anna", Duration.ofMinutes(5)));
    duty.over();
    assertThat(duty.resume()).isEqualTo("resumed");
    assertThat(duty.await()).isTrue();
    assertThat(duty.resume()).isEqualTo("was not paused");
    assertThat(duty.rest()).isEmpty();
    assertThat(asked).as("once").hasSize(1);
  }

  @Test
  void aTurnThatBeginsWhileItIsPausedIsAskedAtOnce() {
    Duty duty = duty(TrainingHours.ALWAYS);
    duty.pause("operator anna");
    duty.begins(asked::add);
    assertThat(asked).containsExactly(Reason.PAUSED);
  }

  @Test
  void hoursEndATurnAndBeginTheNext() throws Exception {
    Duty duty = duty(NIGHT);
    assertThat(duty.await()).isTrue();
    duty.begins(asked::add);
    wall.now = Instant.parse("2026-05-05T05:59:59Z");
    duty.look();
    assertThat(asked).isEmpty();
    wall.now = Instant.parse("2026-05-05T06:00:00Z");
    duty.look();
    assertThat(asked).containsExactly(Reason.PAUSED);
    assertThat(said).containsExactly("outside its hours until 22:00");
    assertThat(duty.rest().orElseThrow().phase()).isEqualTo("resting");
    duty.over();
    CompletableFuture<Boolean> waits = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        waits.complete(duty.await());
      } catch (InterruptedException e) {
        waits.completeExceptionally(e);
      }
    });
    assertThat(duty.resume()).isEqualTo("was not paused, outside its hours until 22:00");
    assertThat(waits).isNotDone();
    wall.now = Instant.parse("2026-05-05T22:00:00Z");
    duty.look();
    assertThat(waits.get()).isTrue();
    assertThat(said).endsWith("within its hours again");
  }

  @Test
  void whoIsPausedStaysSoWhenItsHoursBegin() {
    Duty duty = duty(NIGHT);
    wall.now = Instant.parse("2026-05-05T12:00:00Z");
    duty.look();
    duty.pause("operator anna");
    wall.now = Instant.parse("2026-05-05T23:00:00Z");
    duty.look();
    assertThat(duty.rest().orElseThrow().why()).isEqualTo("paused since 12:00, by operator anna");
  }

  @Test
  void stoppingEndsTheRunWhereItTrainsAndTheProcessWhereItRests() throws Exception {
    Duty trains = duty(TrainingHours.ALWAYS);
    trains.begins(asked::add);
    assertThat(trains.stop()).isEqualTo("stopped");
    assertThat(trains.stop()).isEqualTo("was stopped already");
    assertThat(asked).containsExactly(Reason.STOPPED);
    assertThat(trains.pause("operator anna")).isEqualTo("is ending");
    Duty rests = duty(TrainingHours.ALWAYS);
    rests.pause("operator anna");
    assertThat(rests.stop()).startsWith("ended while it rested");
    assertThat(rests.await()).isFalse();
  }
}
