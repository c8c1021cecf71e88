package io.dlion.data;

import java.util.Locale;
import java.util.Set;

/** What stands in tables where a value is missing. */
final class Missing {
  private static final Set<String> MARKS =
      Set.of("", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-");

  private Missing() {}

  /** Whether a field says that there is no value. */
  static boolean is(String field) {
    return field.length() <= 4 && MARKS.contains(field.toLowerCase(Locale.ROOT));
  }
}
