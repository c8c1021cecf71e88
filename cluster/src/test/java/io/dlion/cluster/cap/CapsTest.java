package io.dlion.cluster.cap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CapsTest {
  private static final double ALL = Double.POSITIVE_INFINITY;

  private static Caps caps(String max, String upload, String... quiet) {
    return Caps.parse(
        Optional.of(max).filter(t -> !t.isEmpty()),
        Optional.of(upload).filter(t -> !t.isEmpty()),
        Arrays.asList(quiet));
  }

  private static LocalTime at(String time) {
    return LocalTime.parse(time);
  }

  @Test
  void withoutFlagsNothingIsCapped() {
    assertThat(caps("", "").isNone()).isTrue();
    assertThat(caps("", "").at(at("12:00"))).isEqualTo(Limits.NONE);
    assertThat(Allowance.of(caps("", ""))).isSameAs(Allowance.NONE);
  }

  @Test
  void oneMaximumHoldsForBothDirections() {
    assertThat(caps("5", "").at(at("12:00"))).isEqualTo(new Limits(5, 5));
    assertThat(caps("", "2.5").at(at("12:00"))).isEqualTo(new Limits(2.5, ALL));
    assertThat(caps("5", "2").at(at("12:00"))).isEqualTo(new Limits(2, 5));
  }

  @Test
  void quietHoursBeginAndEndAtTheMinute() {
    Caps day = caps("5", "2", "08:00-18:00=1mbit");
    assertThat(day.at(at("07:59:59.999"))).isEqualTo(new Limits(2, 5));
    assertThat(day.at(at("08:00"))).isEqualTo(new Limits(1, 1));
    assertThat(day.at(at("17:59:59"))).isEqualTo(new Limits(1, 1));
    assertThat(day.at(at("18:00"))).isEqualTo(new Limits(2, 5));
  }

  @Test
  void quietHoursMaySpanMidnight() {
    Caps night = caps("", "", "22:00-06:30=0.5");
    for (String in : List.of("22:00", "23:59:59", "00:00", "06:29")) {
      assertThat(night.at(at(in))).as(in).isEqualTo(new Limits(0.5, 0.5));
    }
    for (String out : List.of("06:30", "12:00", "21:59:59")) {
      assertThat(night.at(at(out))).as(out).isEqualTo(Limits.NONE);
    }
    Caps evening = caps("", "", "18:00-24:00=3");
    assertThat(evening.at(at("23:59:59"))).isEqualTo(new Limits(3, 3));
    assertThat(evening.at(at("00:00"))).isEqualTo(Limits.NONE);
  }

  @Test
  void ofSeveralHoursTheLowestHold() {
    Caps both = caps("", "", "08:00-18:00=2", "12:00-13:00=1");
    assertThat(both.at(at("11:00"))).isEqualTo(new Limits(2, 2));
    assertThat(both.at(at("12:30"))).isEqualTo(new Limits(1, 1));
    assertThat(both.at(at("13:00"))).isEqualTo(new Limits(2, 2));
  }

  @Test
  void peopleAreToldWhatHoldsAndUntilWhen() {
    assertThat(caps("5", "").text(at("12:00")))
        .isEqualTo("sends at most 5 Mbit/s, takes at most 5 Mbit/s");
    Caps quiet = caps("5", "", "08:00-18:00=1mbit", "12:00-13:00=0.25");
    assertThat(quiet.text(at("20:00")))
        .isEqualTo("sends at most 5 Mbit/s, takes at most 5 Mbit/s, until 08:00");
    assertThat(quiet.text(at("09:00")))
        .isEqualTo("sends at most 1 Mbit/s, takes at most 1 Mbit/s, until 12:00");
    assertThat(quiet.text(at("12:10"))).endsWith("takes at most 0.25 Mbit/s, until 13:00");
    assertThat(caps("", "2").text(at("12:00")))
        .isEqualTo("sends at most 2 Mbit/s, takes what the lines carry");
    // Windows that meet with equal rates: what holds changes only at the end of the last.
    assertThat(caps("", "", "08:00-12:00=1", "12:00-18:00=1").text(at("09:00")))
        .endsWith("until 18:00");
  }

  @Test
  void changesAreToldOnce() {
    CapChanges changes = new CapChanges(caps("5", "", "08:00-18:00=1mbit"), at("07:00"));
    assertThat(changes.look(at("07:59:59"))).isEmpty();
    assertThat(changes.look(at("08:00:01")))
        .hasValue("quiet hours: sends at most 1 Mbit/s, takes at most 1 Mbit/s, until 18:00");
    assertThat(changes.look(at("08:00:02"))).isEmpty();
    assertThat(changes.look(at("18:00:01")))
        .hasValue(
            "quiet hours are over: sends at most 5 Mbit/s, takes at most 5 Mbit/s, until 08:00");
    assertThat(changes.look(at("18:00:02"))).isEmpty();
  }

  private static void assertMistake(String message, String max, String upload, String... quiet) {
    assertThatThrownBy(() -> caps(max, upload, quiet))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void noCapIsZero() {
    String say = "with nothing to send or take a worker cannot train; expected at least 0.1 Mbit/s";
    assertMistake("--max-mbit: " + say, "0", "");
    assertMistake("--max-upload-mbit: " + say, "", "0.0");
    assertMistake("--quiet 08:00-18:00=0: " + say, "", "", "08:00-18:00=0");
    assertMistake("--quiet 08:00-18:00=0mbit: " + say, "", "", "08:00-18:00=0mbit");
  }

  @Test
  void hoursThatNeverEndAreRefused() {
    assertMistake(
        "--quiet 08:00-08:00=1: these hours never end; for all day give --max-mbit 1",
        "",
        "",
        "08:00-08:00=1");
    assertMistake("never end", "", "", "00:00-24:00=1mbit");
    assertMistake("never end", "", "", "24:00-0:00=1mbit");
  }

  @Test
  void whatIsNoRateOrNoTimeIsRefused() {
    assertMistake("--max-mbit: expected Mbit/s such as 5, found \"fast\"", "fast", "");
    for (String absurd : List.of("-1", "NaN", "Infinity", "0.01", "1e9")) {
      assertMistake("--max-mbit: expected 0.1 to 1000000 Mbit/s, found " + absurd, absurd, "");
    }
    for (String absurd : List.of("8-18=1", "08:00=1", "08:00-18:00", "", "1mbit")) {
      assertMistake(
          "--quiet: expected hours and a rate such as 08:00-18:00=1mbit, found \"" + absurd + '"',
          "",
          "",
          absurd);
    }
    assertMistake("found 25:00", "", "", "08:00-25:00=1");
    assertMistake("found 08:60", "", "", "08:60-09:00=1");
    assertMistake("expected Mbit/s such as 5, found \"k\"", "", "", "08:00-18:00=kmbit");
  }

  @Test
  void whatHasNoEffectIsRefused() {
    assertMistake("--max-upload-mbit 8: has no effect beside --max-mbit 5", "5", "8");
    assertMistake("--quiet 08:00-18:00=5: has no effect", "5", "", "08:00-18:00=5");
    // It lowers what is taken, though not what is sent.
    assertThat(caps("5", "1", "08:00-18:00=2").at(at("12:00"))).isEqualTo(new Limits(1, 2));
  }
}
