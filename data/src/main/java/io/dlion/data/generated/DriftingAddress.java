package io.dlion.data.generated;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import io.dlion.core.stream.DriftSchedule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code generated:drifting?rate=200&sudden=20000&gradual=50000:10000&recurring=30000} asks
 * for. Every part may be missing.
 *
 * @param recordsPerSecond of each worker; {@value #RATE_DEFAULT} where the address names none
 * @param schedule in records; a sudden drift every {@value #SUDDEN_DEFAULT} records where the
 *     address names no drift at all, and none with {@code sudden=0}
 */
public record DriftingAddress(double recordsPerSecond, DriftSchedule schedule) {
  /** How such an address begins. */
  public static final String NAME = "generated:drifting";

  /** Records a second. */
  public static final int RATE_DEFAULT = 100;

  /** Records from one drift to the next. */
  public static final int SUDDEN_DEFAULT = 20_000;

  private static final double RATE_MAX = 1e6;
  private static final List<String> KEYS = List.of("rate", "sudden", "gradual", "recurring");

  /** Whether an address is one of these, right or wrong. */
  public static boolean is(String address) {
    return address.equals(NAME) || address.startsWith(NAME + "?");
  }

  /**
   * Reads an address.
   *
   * @throws UserError where a part is unknown, given twice, or no number
   */
  public static DriftingAddress parse(String address) {
    if (!is(address)) {
      throw new UserError(Phrase.of("%s: expected %s or %s?rate=100", address, NAME, NAME));
    }
    Map<String, String> parts = parts(address);
    String gradual = parts.getOrDefault("gradual", "0:0");
    int colon = gradual.indexOf(':');
    if (colon < 0) {
      throw new UserError(
          Phrase.of(
              "%s: gradual=%s: expected a length and a span in records, such as 50000:10000",
              address, gradual));
    }
    boolean drifts = KEYS.subList(1, KEYS.size()).stream().anyMatch(parts::containsKey);
    String sudden = parts.getOrDefault("sudden", drifts ? "0" : SUDDEN_DEFAULT + "");
    try {
      return new DriftingAddress(
          rate(address, parts.getOrDefault("rate", RATE_DEFAULT + "")),
          new DriftSchedule(
              records(address, "sudden", sudden),
              records(address, "gradual", gradual.substring(0, colon)),
              records(address, "gradual", gradual.substring(colon + 1)),
              records(address, "recurring", parts.getOrDefault("recurring", "0"))));
    } catch (UserError e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(address) ? e : new UserError(address + ": " + message, e);
    }
  }

  private static Map<String, String> parts(String address) {
    Map<String, String> parts = new HashMap<>();
    String query = address.substring(Math.min(address.length(), NAME.length() + 1));
    for (String part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      if (equals < 0 || !KEYS.contains(key)) {
        throw new UserError(
            Phrase.of(
                "%s: expected parts such as rate=100, joined by &, of %s; found '%s'%s",
                address, String.join(", ", KEYS), part, Nearest.hint(key, KEYS)));
      }
      if (parts.put(key, part.substring(equals + 1)) != null) {
        throw new UserError(
            Phrase.of("%s: %s is given twice; leave one of them out", address, key));
      }
    }
    return parts;
  }

  private static double rate(String address, String text) {
    try {
      double rate = Double.parseDouble(text);
      if (rate > 0 && rate <= RATE_MAX) {
        return rate;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new UserError(
        Phrase.of(
            "%s: rate=%s: expected records a second, more than 0 and at most %,.0f",
            address, text, RATE_MAX));
  }

  private static long records(String address, String key, String text) {
    if (!text.matches("\\d{1,15}")) {
      throw new UserError(
          Phrase.of(
              "%s: %s: expected a whole number of records, 0 for never, found '%s'",
              address, key, text));
    }
    return Long.parseLong(text);
  }
}
