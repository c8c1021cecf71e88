package io.dlion.data.field;

import java.util.Locale;
import java.util.Set;

/** What stands in tables where a value is missing. */
public final class Missing {
  private static final Set<String> MARKS =
      Set.of("", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-");

  private Missing() {}

  /** Whether a field says that there is no value. */
  public static boolean is(String field) {
    return field.length() <= 4 && MARKS.contains(field.toLowerCase(Locale.ROOT));
  }
}
