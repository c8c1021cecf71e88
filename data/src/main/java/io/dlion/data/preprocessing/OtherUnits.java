package io.dlion.data.preprocessing;

import io.dlion.core.Phrase;
import io.dlion.data.field.TableNumbers;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.CsvSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Columns of a table whose means at two places are so far apart that the numbers may be in other
 * units. That is no reason to refuse either: places may differ.
 */
public final class OtherUnits {
  /**
   * Means are far apart from so many deviations on: the root of the mean of both places' variances.
   * Celsius and Fahrenheit, metres and centimetres are; most measurements at two places are not.
   */
  private static final double DEVIATIONS = 3;

  private static final int SHOWN_MAX = 4;

  private OtherUnits() {}

  /**
   * What is to be said of two encodings, which have no {@link PreprocessingDifference#ofStructure};
   * empty where nothing is suspicious, or they are no tables.
   *
   * @param here how the first place is called, such as "here"
   * @param there how the second one is
   */
  public static Optional<String> suspected(
      Preprocessing first, Preprocessing second, String here, String there) {
    if (!(first instanceof TablePreprocessing one && second instanceof TablePreprocessing other)) {
      return Optional.empty();
    }
    List<String> found = new ArrayList<>();
    CsvSchema schema = one.schema();
    CommonTable.Site mine = new CommonTable.Site(one, 1);
    CommonTable.Site theirs = new CommonTable.Site(other, 1);
    Map<String, Integer> met = new HashMap<>();
    for (int c = 0; c < schema.columns().size(); c++) {
      if (schema.columns().get(c) instanceof CsvColumn.Numeric) {
        String name = schema.names().get(c);
        boolean label = c == schema.label();
        int turn = met.merge(name, 1, Integer::sum) - 1;
        Standard a = label ? one.target() : mine.standard(name, turn, 0);
        Standard b = label ? other.target() : theirs.standard(name, turn, 0);
        if (areFarApart(a, b)) {
          found.add(
              Phrase.of("column '%s': mean %s %s, %s %s", name, shown(a), here, shown(b), there));
        }
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(text(found));
  }

  private static boolean areFarApart(Standard a, Standard b) {
    double variance = (a.deviation() * a.deviation() + b.deviation() * b.deviation()) / 2;
    return Math.abs(a.mean() - b.mean()) > DEVIATIONS * Math.sqrt(variance);
  }

  private static String shown(Standard standard) {
    return TableNumbers.shown((float) standard.mean());
  }

  private static String text(List<String> found) {
    int more = found.size() - SHOWN_MAX;
    return String.join("; ", found.subList(0, Math.min(SHOWN_MAX, found.size())))
        + (more > 0 ? Phrase.of("; and %,d more", more) : "")
        + ": other units?";
  }
}
