package io.dlion.cli.job;

import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads hours of the day: {@code 22:00-06:00}. */
final class HoursReader {
  private static final Pattern SPAN =
      Pattern.compile("([01]?\\d|2[0-4]):([0-5]\\d)\\s*-\\s*([01]?\\d|2[0-4]):([0-5]\\d)");

  private HoursReader() {}

  /** Whether a value is meant as hours of the day. */
  static boolean isOfDay(Item item) {
    return item.text().contains(":");
  }

  /** Several spans, with commas. */
  static List<TrainingHours.Span> spans(Item item) {
    return Arrays.stream(item.text().split(",", -1))
        .map(part -> span(new Item("", part, item.place())))
        .toList();
  }

  /** The span of a day; {@code 24:00} is its end. */
  static TrainingHours.Span span(Item item) {
    Matcher found = SPAN.matcher(item.text().strip());
    if (!found.matches() || isLater(found, 1) || isLater(found, 3)) {
      throw item.place()
          .expected("hours of the day such as 22:00-06:00, several with commas", item.text());
    }
    LocalTime from = time(found, 1);
    LocalTime to = time(found, 3);
    if (from.equals(to)) {
      throw item.place()
          .error(
              "begins when it ends, found "
                  + Place.quoted(item.text())
                  + "; leave it out to train at any hour");
    }
    return new TrainingHours.Span(from, to);
  }

  private static boolean isLater(Matcher found, int group) {
    return found.group(group).equals("24") && !found.group(group + 1).equals("00");
  }

  private static LocalTime time(Matcher found, int group) {
    return LocalTime.of(
        Integer.parseInt(found.group(group)) % 24, Integer.parseInt(found.group(group + 1)));
  }
}
