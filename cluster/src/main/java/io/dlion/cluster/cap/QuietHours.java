package io.dlion.cluster.cap;

import io.dlion.core.UserError;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hours of each day in which a worker sends and takes less, in the local time of its site. They may
 * span midnight.
 *
 * @param from when they begin
 * @param until when they are over; another time than {@code from}
 * @param mbit Mbit/s that the worker sends at most, and takes at most, meanwhile
 */
public record QuietHours(LocalTime from, LocalTime until, double mbit) {
  private static final String EXAMPLE = "08:00-18:00=1mbit";
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,2}):(\\d{2})-(\\d{1,2}):(\\d{2})=(.*?)(?:mbit)?");
  private static final int HOURS_OF_DAY = 24;

  /**
   * Reads {@code 08:00-18:00=1mbit}; the unit may be left out.
   *
   * @throws UserError if it is something else, never ends, or its rate is none
   */
  public static QuietHours parse(String flag, String text) {
    Matcher m = FORM.matcher(text.strip());
    if (!m.matches()) {
      throw new UserError(
          flag + ": expected hours and a rate such as " + EXAMPLE + ", found \"" + text + '"');
    }
    LocalTime from = time(flag, text, m.group(1), m.group(2));
    LocalTime until = time(flag, text, m.group(3), m.group(4));
    if (from.equals(until)) {
      throw new UserError(
          flag
              + " "
              + text
              + ": these hours never end; for all day give --max-mbit "
              + m.group(5)
              + ", else another time to end at");
    }
    return new QuietHours(from, until, Caps.mbit(flag + " " + text, m.group(5)));
  }

  private static LocalTime time(String flag, String text, String hour, String minute) {
    int h = Integer.parseInt(hour);
    int m = Integer.parseInt(minute);
    try {
      return h == HOURS_OF_DAY && m == 0 ? LocalTime.MIDNIGHT : LocalTime.of(h, m);
    } catch (DateTimeException e) {
      throw new UserError(
          flag + " " + text + ": expected times from 00:00 to 24:00, found " + hour + ":" + minute,
          e);
    }
  }

  /** Whether it is one of these hours. */
  boolean include(LocalTime time) {
    boolean begun = !time.isBefore(from);
    boolean over = !time.isBefore(until);
    return from.isBefore(until) ? begun && !over : begun || !over;
  }

  /** For people: {@code 08:00-18:00}. */
  String text() {
    return from + "-" + until;
  }
}
