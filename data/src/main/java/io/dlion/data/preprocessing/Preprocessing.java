package io.dlion.data.preprocessing;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What was learned from the training data before a model was: means and deviations, columns and
 * their words, the vocabulary, the classes. A model can be judged on other data only if these are
 * encoded just as those were that it learned from; so this is kept with it, as one line of JSON.
 * Immutable, thread safe.
 */
public sealed interface Preprocessing
    permits ImagePreprocessing, TablePreprocessing, TextPreprocessing {
  /** Which kind of data it encodes. */
  default DataKind dataKind() {
    return switch (this) {
      case ImagePreprocessing _ -> DataKind.IMAGES;
      case TablePreprocessing _ -> DataKind.TABLE;
      case TextPreprocessing _ -> DataKind.TEXT;
    };
  }

  /** What the examples look like that it makes. */
  ExampleShape shape();

  /**
   * Names of the classes, or the symbols of a text, in order of their numbers; empty for a
   * regression and where the files name none.
   */
  List<String> classNames();

  /**
   * Regressions: the deviation of the training targets, in their own unit; targets and predictions
   * are multiples of it. The root of the mean squared error times this is the error in that unit.
   */
  default OptionalDouble targetDeviation() {
    return OptionalDouble.empty();
  }

  /**
   * Checks that there is something to learn: with one class every model is right.
   *
   * @param place names the data in an error
   */
  default void requireTwoClasses(String place) {
    if (shape().kind() == ExampleShape.Kind.CLASSIFICATION && classNames().size() == 1) {
      throw new UserError(
          Phrase.of(
              "%s: expected at least two classes%s, found only '%s'",
              place,
              this instanceof TablePreprocessing table
                  ? " in the label column '"
                      + table.schema().labelName()
                      + "' (--label names another)"
                  : "",
              classNames().getFirst()));
    }
  }

  /** One line of JSON, from which {@link #parse} makes an equal one, bit for bit. */
  default String toJson() {
    return PreprocessingWriter.write(this);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param place names the source in an error
   * @throws UserError where it is damaged or of a version this program does not know
   */
  static Preprocessing parse(String json, String place) {
    return PreprocessingReader.read(json, place);
  }
}
