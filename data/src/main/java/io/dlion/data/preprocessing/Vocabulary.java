package io.dlion.data.preprocessing;

import io.dlion.core.Phrase;
import io.dlion.data.field.Numerals;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.CsvSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The words that an encoding numbers: those of each column, the classes, the symbols of a text.
 *
 * @param words by what they are words of, for people
 */
record Vocabulary(Map<String, List<String>> words) {
  private static final int SHOWN_MAX = 12;

  static Vocabulary of(Preprocessing preprocessing) {
    Map<String, List<String>> words = new LinkedHashMap<>();
    switch (preprocessing) {
      case ImagePreprocessing images -> words.put("classes", images.namesOrNumbers());
      case TextPreprocessing text -> words.put("symbols", text.classNames());
      case TablePreprocessing table -> {
        CsvSchema schema = table.schema();
        for (int c = 0; c < schema.columns().size(); c++) {
          if (schema.columns().get(c) instanceof CsvColumn.Category(List<String> values)) {
            String name = schema.names().get(c);
            words.merge(
                c == schema.label()
                    ? "classes of '" + name + "'"
                    : "words of column '" + name + "'",
                values,
                Vocabulary::union);
          }
        }
      }
    }
    return new Vocabulary(words);
  }

  /** Names of the classes; their numbers where images have none. */
  static List<String> classes(Preprocessing preprocessing) {
    return preprocessing instanceof ImagePreprocessing images
        ? images.namesOrNumbers()
        : preprocessing.classNames();
  }

  /**
   * All words of both: in the order of those that hold all others, if either do; else numbers by
   * size where all are numbers, or by the alphabet.
   */
  static List<String> union(List<String> some, List<String> others) {
    if (new HashSet<>(some).containsAll(others)) {
      return some;
    }
    if (new HashSet<>(others).containsAll(some)) {
      return others;
    }
    TreeSet<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all.stream().allMatch(word -> Numerals.POINT.parse(word).isPresent())
        ? all.stream().sorted(Comparator.comparingDouble(Double::parseDouble)).toList()
        : new ArrayList<>(all);
  }

  /** For people; the first few where there are many. */
  static String text(Collection<String> words) {
    int more = words.size() - SHOWN_MAX;
    String told =
        String.join(", ", words.stream().limit(SHOWN_MAX).map(Vocabulary::quoted).toList());
    return more > 0 ? told + " and " + more + " more" : told;
  }

  private static String quoted(String word) {
    boolean control = word.codePoints().anyMatch(Character::isISOControl);
    return control
        ? String.join(" ", word.codePoints().mapToObj(point -> Phrase.of("U+%04X", point)).toList())
        : "'" + word + "'";
  }
}
