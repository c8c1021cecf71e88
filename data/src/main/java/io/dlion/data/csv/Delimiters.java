package io.dlion.data.csv;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Names of characters that separate fields, for those that a shell or YAML would swallow. */
public final class Delimiters {
  private static final Map<String, Character> NAMES =
      Map.of("comma", ',', "semicolon", ';', "tab", '\t', "\\t", '\t', "space", ' ', "pipe", '|');

  private Delimiters() {}

  /** The character that a text stands for: itself, or a name. */
  public static Optional<Character> find(String text) {
    if (text.length() == 1 && !Character.isLetterOrDigit(text.charAt(0)) && text.charAt(0) != '"') {
      return Optional.of(text.charAt(0));
    }
    return Optional.ofNullable(NAMES.get(text.strip().toLowerCase(Locale.ROOT)));
  }

  /** The name of a character, or itself where it has none. */
  public static String name(char delimiter) {
    return NAMES.entrySet().stream()
        .filter(e -> e.getValue() == delimiter && e.getKey().length() > 2)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(Character.toString(delimiter));
  }
}
