package io.dlion.cli.job;

import io.dlion.core.UserError;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 90}, {@code 60s}, {@code 5m}, {@code 1h30m}. */
public final class Durations {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
  private static final Pattern PARTS =
      Pattern.compile("(?=\\d)(?:(\\d{1,6})h)?(?:(\\d{1,8})m)?(?:(\\d{1,9})s)?");

  /** What an error says that was expected. */
  static final String EXPECTED = "a time of at least 1 second such as 90, 60s, 5m or 1h30m";

  private Durations() {}

  /** The duration, in whole seconds; empty where the text is none. */
  public static Optional<Duration> parse(String text) {
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofHours(part(parts, 1)).plusMinutes(part(parts, 2)).plusSeconds(part(parts, 3)));
  }

  /**
   * A duration that is not nothing.
   *
   * @param option whose value it is, for the error
   * @throws UserError where the text is none
   */
  public static Duration atLeastOneSecond(String option, String text) {
    return parse(text)
        .filter(Duration::isPositive)
        .orElseThrow(() ->
            new UserError(option + ": expected " + EXPECTED + ", found " + Place.quoted(text)));
  }

  private static long part(Matcher parts, int group) {
    String digits = parts.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

  /** The shortest text that {@link #parse} reads as this duration of whole seconds. */
  public static String text(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count > 0) {
      text.append(count).append(unit);
    }
  }
}
