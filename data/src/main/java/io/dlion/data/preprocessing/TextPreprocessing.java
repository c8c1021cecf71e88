package io.dlion.data.preprocessing;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.data.schema.Invalid;
import java.util.Arrays;
import java.util.List;

/**
 * How a text becomes numbers.
 *
 * @param sequenceLength symbols in one example
 * @param symbols the vocabulary, each character once, sorted
 */
public record TextPreprocessing(int sequenceLength, String symbols) implements Preprocessing {
  /** A text with more symbols is none. */
  public static final int VOCABULARY_MAX = 1024;

  /** A longer sequence is a mistake. */
  public static final int SEQUENCE_LENGTH_MAX = 65_536;

  /** Checks the values. */
  public TextPreprocessing {
    int[] points = symbols.codePoints().toArray();
    Invalid.unless(
        sequenceLength >= 1 && sequenceLength <= SEQUENCE_LENGTH_MAX,
        "sequence length " + sequenceLength);
    Invalid.unless(
        points.length >= 1 && points.length <= VOCABULARY_MAX, points.length + " symbols");
    for (int i = 1; i < points.length; i++) {
      Invalid.unless(points[i - 1] < points[i], "symbols that are not sorted");
    }
  }

  @Override
  public ExampleShape shape() {
    return new ExampleShape(
        List.of(sequenceLength), Kind.NEXT_SYMBOL, symbols.codePointCount(0, symbols.length()));
  }

  @Override
  public List<String> classNames() {
    return symbols.codePoints().mapToObj(Character::toString).toList();
  }

  /**
   * Numbers each character by its place in the vocabulary.
   *
   * @param place names the text in an error
   */
  public char[] encode(int[] points, String place) {
    int[] vocabulary = symbols.codePoints().toArray();
    char[] numbers = new char[points.length];
    int line = 1;
    for (int i = 0; i < points.length; i++) {
      int number = Arrays.binarySearch(vocabulary, points[i]);
      if (number < 0) {
        throw new UserError(
            Phrase.of(
                "%s:%d: expected only the %d characters of the training text, found %s; remove or replace it",
                place, line, vocabulary.length, called(points[i])));
      }
      numbers[i] = (char) number;
      line += points[i] == '\n' ? 1 : 0;
    }
    return numbers;
  }

  private static String called(int point) {
    String code = Phrase.of("U+%04X", point);
    return Character.isISOControl(point)
        ? code
        : Phrase.of("'%s' (%s)", Character.toString(point), code);
  }
}
