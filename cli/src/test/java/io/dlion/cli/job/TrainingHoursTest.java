package io.dlion.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrainingHoursTest {
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  private static TrainingHours hours(String... spans) {
    List<TrainingHours.Span> all = new ArrayList<>();
    for (String span : spans) {
      String[] ends = span.split("-", 2);
      all.add(new TrainingHours.Span(LocalTime.parse(ends[0]), LocalTime.parse(ends[1])));
    }
    return new TrainingHours(all);
  }

  private static ZonedDateTime paris(String local) {
    return LocalDateTime.parse(local).atZone(PARIS);
  }

  @Test
  void overMidnightTheNightIsOneSpan() {
    TrainingHours night = hours("22:00-06:00");
    assertThat(night.hold(paris("2026-05-04T21:59:59"))).isFalse();
    assertThat(night.hold(paris("2026-05-04T22:00"))).isTrue();
    assertThat(night.hold(paris("2026-05-05T00:00"))).isTrue();
    assertThat(night.hold(paris("2026-05-05T05:59:59"))).isTrue();
    assertThat(night.hold(paris("2026-05-05T06:00"))).isFalse();
    assertThat(night.nextChange(paris("2026-05-04T23:30"))).contains(paris("2026-05-05T06:00"));
    assertThat(night.nextChange(paris("2026-05-05T06:00"))).contains(paris("2026-05-05T22:00"));
  }

  @Test
  void severalSpansAreJoined() {
    TrainingHours both = hours("22:00-00:00", "00:00-06:00", "12:00-13:00");
    assertThat(both.nextChange(paris("2026-05-04T22:30"))).contains(paris("2026-05-05T06:00"));
    assertThat(both.nextChange(paris("2026-05-05T07:00"))).contains(paris("2026-05-05T12:00"));
    assertThat(both.toString()).isEqualTo("22:00-00:00, 00:00-06:00, 12:00-13:00");
  }

  @Test
  void wholeDaysNeverChange() {
    assertThat(hours("00:00-12:00", "12:00-00:00").nextChange(paris("2026-05-04T22:30"))).isEmpty();
    assertThat(TrainingHours.ALWAYS.hold(paris("2026-05-04T22:30"))).isTrue();
    assertThat(TrainingHours.ALWAYS.nextChange(paris("2026-05-04T22:30"))).isEmpty();
  }

  @Test
  void anEdgeInTheHourThatSpringLeavesOutIsWhenClocksAreChanged() {
    TrainingHours night = hours("02:30-06:00"); // 02:00 became 03:00 on 29 March 2026
    assertThat(night.nextChange(paris("2026-03-29T01:00"))).contains(paris("2026-03-29T03:00"));
    assertThat(hours("22:00-02:30").nextChange(paris("2026-03-29T01:00")))
        .contains(paris("2026-03-29T03:00"));
  }

  @Test
  void theHourThatAutumnHasTwiceIsWithinBothTimes() {
    TrainingHours hour = hours("02:00-03:00"); // 03:00 became 02:00 on 25 October 2026
    ZonedDateTime before = paris("2026-10-25T01:30");
    ZonedDateTime begins = hour.nextChange(before).orElseThrow();
    assertThat(begins).isEqualTo(paris("2026-10-25T02:00").withEarlierOffsetAtOverlap());
    Optional<ZonedDateTime> ends = hour.nextChange(begins);
    assertThat(ends).contains(paris("2026-10-25T03:00"));
    assertThat(java.time.Duration.between(begins, ends.get())).hasHours(2);
  }

  /** Minute by minute, whatever the zone and the night. */
  @Test
  void theNextChangeIsTheFirstMinuteThatDiffers() {
    Random random = new Random(11);
    List<ZoneId> zones =
        List.of(
            PARIS, ZoneId.of("America/New_York"), ZoneId.of("Australia/Lord_Howe"), ZoneOffset.UTC);
    for (int k = 0; k < 60; k++) {
      LocalTime from = LocalTime.of(random.nextInt(24), random.nextInt(60));
      LocalTime to = from.plusMinutes(1 + random.nextInt(1438));
      TrainingHours hours = new TrainingHours(List.of(new TrainingHours.Span(from, to)));
      ZoneId zone = zones.get(k % zones.size());
      int[][] days = {{3, 28}, {3, 8}, {10, 24}, {10, 3}, {4, 4}, {11, 1}, {7, 1}};
      int[] day = days[random.nextInt(days.length)];
      ZonedDateTime start =
          ZonedDateTime.of(
              2026, day[0], day[1], random.nextInt(24), random.nextInt(60), 0, 0, zone);
      ZonedDateTime minute = start;
      do {
        minute = minute.plusMinutes(1);
      } while (hours.hold(minute) == hours.hold(start));
      assertThat(hours.nextChange(start).orElseThrow().toInstant())
          .as(hours + " after " + start)
          .isEqualTo(minute.toInstant());
    }
  }
}
