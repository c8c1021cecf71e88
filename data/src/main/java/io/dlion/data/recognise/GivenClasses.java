package io.dlion.data.recognise;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.data.ClassList;
import io.dlion.data.field.Numerals;
import io.dlion.data.field.TableNumbers;
import io.dlion.data.preprocessing.ImagePreprocessing;
import io.dlion.data.preprocessing.Preprocessing;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Classes that were given beforehand must be those that the examples are of. */
final class GivenClasses {
  private GivenClasses() {}

  /**
   * Checks that data has classes, and that its encoding knows all that were given: where a run goes
   * on, its encoding came before them.
   *
   * @param classes that were given; none where there is nothing to check
   */
  static void requireEffect(String location, List<String> classes, Preprocessing encoding) {
    if (classes.isEmpty()) {
      return;
    }
    if (encoding.shape().kind() != ExampleShape.Kind.CLASSIFICATION) {
      throw new UserError(
          Phrase.of(
              "%s: classes are given (%s, by --classes, classes.txt or the job), and there are none"
                  + " in a text or a regression: leave them out",
              location, ClassList.shown(classes)));
    }
    List<String> known =
        encoding instanceof ImagePreprocessing images
            ? images.namesOrNumbers()
            : encoding.classNames();
    classes.stream()
        .filter(name -> !known.contains(name) && Collections.disjoint(known, canonical(name)))
        .findFirst()
        .ifPresent(name -> {
          throw new UserError(
              Phrase.of(
                  "%s: class '%s' is given, and is not among the classes that the data is encoded"
                      + " with: %s; leave it out, or begin a new run",
                  location, name, ClassList.shown(known)));
        });
  }

  /** A number as columns keep it: 1 for 1.0, with either decimal mark. */
  private static List<String> canonical(String name) {
    return Stream.of(Numerals.POINT, Numerals.POINT.other())
        .map(numerals -> numerals.parse(name))
        .filter(OptionalDouble::isPresent)
        .map(number -> TableNumbers.canonical(number.getAsDouble()))
        .toList();
  }
}
