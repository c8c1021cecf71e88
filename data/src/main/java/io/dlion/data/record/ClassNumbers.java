package io.dlion.data.record;

import io.dlion.core.Phrase;
import io.dlion.core.settings.Nearest;
import io.dlion.data.field.Numerals;
import io.dlion.data.field.TableNumbers;
import io.dlion.data.file.ComposedNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The classes that a model knows, by their names. Immutable. */
final class ClassNumbers {
  private static final int SHOWN_MAX = 12;

  /** Records with unknown classes may be many, so looking for a near name must be cheap. */
  private static final int HINTED_MAX = 100;

  private final List<String> names;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final boolean namedByNumbers;

  ClassNumbers(List<String> names) {
    this.names = names;
    for (int c = 0; c < names.size(); c++) {
      numbers.put(names.get(c), c);
    }
    this.namedByNumbers = names.stream().allMatch(name -> Numerals.POINT.parse(name).isPresent());
  }

  /** The number of a class that is called so; a name may be a number in any notation. */
  int of(String text) throws UnfitRecordException {
    String name = ComposedNames.composed(text.strip());
    Integer number = numbers.get(name);
    if (number == null) {
      OptionalDouble value = Numerals.POINT.parse(name);
      number = value.isPresent() ? numbers.get(TableNumbers.canonical(value.getAsDouble())) : null;
    }
    if (number == null) {
      throw unknown(name);
    }
    return number;
  }

  /**
   * The class that a bare number stands for: the one that is called so where classes are called by
   * numbers, else the one at this place, counted from 0.
   */
  int of(double label) throws UnfitRecordException {
    if (namedByNumbers) {
      return of(TableNumbers.canonical(label));
    }
    if (TableNumbers.isWhole(label) && label >= 0 && label < names.size()) {
      return (int) label;
    }
    throw unknown(TableNumbers.canonical(label));
  }

  UnfitRecordException unknown(String name) {
    String known = String.join(", ", names.subList(0, Math.min(SHOWN_MAX, names.size())));
    return new UnfitRecordException(
        "label:" + name,
        Phrase.of(
            "the class '%s' was never seen before; the model knows %s%s%s",
            shortened(name),
            known,
            names.size() > SHOWN_MAX ? " and " + (names.size() - SHOWN_MAX) + " more" : "",
            name.length() <= 64 && names.size() <= HINTED_MAX ? Nearest.hint(name, names) : ""));
  }

  static String shortened(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
