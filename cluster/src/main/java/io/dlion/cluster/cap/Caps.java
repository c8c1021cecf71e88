package io.dlion.cluster.cap;

import io.dlion.core.UserError;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How much a worker may send and take, by the hour. It concerns this worker only: peers need not
 * know, their links to it are measured at what the caps leave.
 *
 * @param always holds all day
 * @param quiet hours in which less is allowed; where several hold, the lowest
 */
public record Caps(Limits always, List<QuietHours> quiet) {
  /** As much as the lines carry, at all hours. */
  public static final Caps NONE = new Caps(Limits.NONE, List.of());

  /** With less, a part of a message would be under way for seconds. */
  private static final double MBIT_MIN = 0.1;

  private static final double MBIT_MAX = 1e6;
  private static final long DAY_NANOS = Duration.ofDays(1).toNanos();

  /** Copies the hours. */
  public Caps {
    quiet = List.copyOf(quiet);
  }

  /**
   * What flags say.
   *
   * @param max Mbit/s in each direction
   * @param maxUpload Mbit/s sent
   * @param quiet such as {@code 08:00-18:00=1mbit}
   * @throws UserError if something is no rate, or has no effect beside another
   */
  public static Caps parse(Optional<String> max, Optional<String> maxUpload, List<String> quiet) {
    double both = rate("--max-mbit", max);
    double upload = rate("--max-upload-mbit", maxUpload);
    if (maxUpload.isPresent() && upload >= both) {
      throw new UserError(
          "--max-upload-mbit "
              + maxUpload.get()
              + ": has no effect beside --max-mbit "
              + Limits.number(both)
              + ", which holds for both directions; expected less, or no --max-mbit");
    }
    Limits always = new Limits(Math.min(both, upload), both);
    List<QuietHours> hours = quiet.stream().map(text -> hours(text, always)).toList();
    return new Caps(always, hours);
  }

  private static QuietHours hours(String text, Limits always) {
    QuietHours hours = QuietHours.parse("--quiet", text);
    if (always.and(hours.mbit()).equals(always)) {
      throw new UserError(
          "--quiet " + text + ": has no effect, the worker " + always.text() + " all day");
    }
    return hours;
  }

  private static double rate(String flag, Optional<String> text) {
    return text.map(t -> mbit(flag, t)).orElse(Double.POSITIVE_INFINITY);
  }

  /** Reads a rate in Mbit/s, and says what to do where it is none. */
  static double mbit(String flag, String text) {
    double mbit;
    try {
      mbit = Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new UserError(flag + ": expected Mbit/s such as 5, found \"" + text + '"', e);
    }
    if (mbit == 0) {
      throw new UserError(
          flag
              + ": with nothing to send or take a worker cannot train; expected at least "
              + MBIT_MIN
              + " Mbit/s, or stop the worker and go on later with --resume");
    }
    if (!(mbit >= MBIT_MIN && mbit <= MBIT_MAX)) {
      throw new UserError(
          flag
              + ": expected "
              + MBIT_MIN
              + " to "
              + Limits.number(MBIT_MAX)
              + " Mbit/s, found "
              + text);
    }
    return mbit;
  }

  /** Whether nothing is capped at any hour. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** What holds at this time of day. */
  public Limits at(LocalTime time) {
    Limits limits = always;
    for (QuietHours hours : quiet) {
      if (hours.include(time)) {
        limits = limits.and(hours.mbit());
      }
    }
    return limits;
  }

  /** When something else holds than at this time of day; empty where it is the same all day. */
  Optional<LocalTime> nextChange(LocalTime time) {
    Limits now = at(time);
    return quiet.stream()
        .flatMap(hours -> Stream.of(hours.from(), hours.until()))
        .filter(change -> !at(change).equals(now))
        .min(Comparator.comparingLong(change -> nanosUntil(time, change)));
  }

  private static long nanosUntil(LocalTime time, LocalTime later) {
    return Math.floorMod(later.toNanoOfDay() - time.toNanoOfDay(), DAY_NANOS);
  }

  /** What holds at this time of day, for people, and until when. */
  public String text(LocalTime time) {
    return at(time).text() + nextChange(time).map(change -> ", until " + change).orElse("");
  }
}
