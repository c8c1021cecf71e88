package io.dlion.core.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the name somebody probably meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * {@code "; did you mean 'x'?"} where a candidate is near, else {@code ""}: to be appended to an
   * error.
   */
  public static String hint(String name, Collection<String> candidates) {
    return candidates.stream()
        .min(
            Comparator.comparingInt((String c) -> distance(name, c))
                .thenComparingInt(c -> edits(lower(name), lower(c)))
                .thenComparing(c -> c))
        .filter(c -> distance(name, c) <= Math.max(2, Math.max(name.length(), c.length()) / 3))
        .map(c -> "; did you mean '" + c + "'?")
        .orElse("");
  }

  /**
   * Edit distance (Levenshtein), upper and lower case alike; a candidate that contains the name is
   * near.
   */
  static int distance(String from, String to) {
    String a = lower(from);
    String b = lower(to);
    return a.length() >= 3 && b.contains(a) ? 1 : edits(a, b);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
