package io.dlion.emulator.environment;

import io.dlion.core.Phrase;
import io.dlion.emulator.yaml.Value;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads times: {@code 0.5ms}, {@code 90s}, {@code 1h30m}; and shares of a budget: {@code 1/3}. */
final class Times {
  private static final String NUMBER = "(\\d{1,9}(?:\\.\\d{1,9})?)";
  private static final Pattern TIME =
      Pattern.compile(Phrase.of("(?=\\d)(?:%1$sh)?(?:%1$sm)?(?:%1$ss)?(?:%1$sms)?", NUMBER));
  private static final double[] UNIT_NANOS = {3600e9, 60e9, 1e9, 1e6};
  private static final double MAX_NANOS = 366 * 24 * 3600e9;

  private static final Pattern RATIO = Pattern.compile("(\\d{1,9})/(\\d{1,9})");
  private static final Pattern PERCENT = Pattern.compile(NUMBER + " ?%");

  private Times() {}

  /** A time in nanoseconds. */
  static long nanos(Value value) {
    String expected = "a time such as 25ms, 90s or 5m";
    return nanos(value.text(expected)).orElseThrow(() -> value.expected(expected));
  }

  /** A time since the beginning of the run, or a share of its budget. */
  static Moment moment(Value value) {
    String expected = "a time such as 90s or 5m, or a share of the budget such as 1/3 or 50%";
    String text = value.text(expected);
    OptionalLong nanos = nanos(text);
    if (nanos.isPresent()) {
      return new Moment(text, nanos.getAsLong(), 0);
    }
    return share(text)
        .filter(share -> share <= 1)
        .map(share -> new Moment(text, 0, share))
        .orElseThrow(() -> value.expected(expected));
  }

  /** A share such as 10% or 1/3, from none to all. */
  static double share(Value value) {
    String expected = "a share such as 10% or 1/3";
    String text = value.text(expected);
    return (text.equals("0") ? Optional.of(0.0) : share(text))
        .filter(share -> share <= 1)
        .orElseThrow(() -> value.expected(expected));
  }

  /** A time in nanoseconds; empty where the text is none. */
  static OptionalLong nanos(String text) {
    if (text.equals("0")) {
      return OptionalLong.of(0);
    }
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      return OptionalLong.empty();
    }
    double nanos = 0;
    for (int i = 0; i < UNIT_NANOS.length; i++) {
      String number = time.group(i + 1);
      nanos += number == null ? 0 : Double.parseDouble(number) * UNIT_NANOS[i];
    }
    return nanos > MAX_NANOS ? OptionalLong.empty() : OptionalLong.of(Math.round(nanos));
  }

  private static Optional<Double> share(String text) {
    Matcher ratio = RATIO.matcher(text);
    if (ratio.matches() && Integer.parseInt(ratio.group(2)) > 0) {
      return Optional.of(
          (double) Integer.parseInt(ratio.group(1)) / Integer.parseInt(ratio.group(2)));
    }
    Matcher percent = PERCENT.matcher(text);
    return percent.matches()
        ? Optional.of(Double.parseDouble(percent.group(1)) / 100)
        : Optional.empty();
  }
}
