package io.dlion.data.text;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.JudgedPart;
import io.dlion.data.Source;
import io.dlion.data.TestSplit;
import io.dlion.data.file.Encoding;
import io.dlion.data.preprocessing.TextPreprocessing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A text to learn the next character of: the last tenth of it is the test set, the vocabulary is
 * that of the whole.
 */
public final class TextFile {
  /** How the text of a file is found. */
  public static final Source PLAIN = Source.of("plain text");

  private static final long BYTES_MAX = 1L << 29;

  private TextFile() {}

  /** Reads a text. */
  public static DataSet read(String name, Path file, DataOptions options) {
    return dataSet(name, file.toString(), decode(file), PLAIN, options);
  }

  /**
   * A data set of a text.
   *
   * @param place names the text in errors
   */
  public static DataSet dataSet(
      String name, String place, String text, Source source, DataOptions options) {
    int[] points = text.codePoints().toArray();
    Optional<TextPreprocessing> given = options.encoding(TextPreprocessing.class, place, "a text");
    int[] vocabulary =
        given
            .map(TextPreprocessing::symbols)
            .orElse(text)
            .codePoints()
            .distinct()
            .sorted()
            .toArray();
    if (vocabulary.length > TextPreprocessing.VOCABULARY_MAX) {
      throw new UserError(
          Phrase.of(
              "%s: expected a text of at most %,d different characters, found %,d; is it plain text in one language?",
              place, TextPreprocessing.VOCABULARY_MAX, vocabulary.length));
    }
    int length = given.map(TextPreprocessing::sequenceLength).orElse(options.symbols());
    int testFrom = points.length - points.length / 10;
    if (points.length - testFrom <= length) {
      throw new UserError(
          Phrase.of(
              "%s: expected more than %,d characters, since the last tenth is for testing and must hold a sequence of %d, found %,d; use a longer text or a shorter sequence length",
              place, 10L * length, length, points.length));
    }
    TextPreprocessing preprocessing =
        given.orElseGet(
            () -> new TextPreprocessing(length, new String(vocabulary, 0, vocabulary.length)));
    char[] symbols = preprocessing.encode(points, place);
    var train = new TextExamples(symbols, 0, testFrom, preprocessing.shape());
    var test = new TextExamples(symbols, testFrom, symbols.length, preprocessing.shape());
    var contents = new Contents.Text(points.length, vocabulary.length, length);
    return DataSet.of(name, contents, train, test, TestSplit.LAST_TENTH, preprocessing, source);
  }

  /** The whole of a text, to judge a model by. */
  public static DataSet judged(
      String name, String place, String text, Source source, TextPreprocessing preprocessing) {
    char[] symbols = preprocessing.encode(text.codePoints().toArray(), place);
    int length = preprocessing.sequenceLength();
    if (symbols.length <= length) {
      throw new UserError(
          Phrase.of(
              "%s: expected more than the %,d characters of one sequence, found %,d; use a longer text",
              place, length, symbols.length));
    }
    var test = new TextExamples(symbols, 0, symbols.length, preprocessing.shape());
    var contents = new Contents.Text(symbols.length, preprocessing.shape().outputs(), length);
    return DataSet.judged(name, contents, test, preprocessing, JudgedPart.ALL, source);
  }

  /** The characters of a file in UTF-8, or in UTF-16 with a byte order mark. */
  public static String decode(Path file) {
    byte[] all = bytes(file);
    Encoding encoding = Encoding.of(all);
    ByteBuffer bytes = ByteBuffer.wrap(all).position(encoding.markBytes());
    CharsetDecoder decoder = encoding.charset().newDecoder();
    CharBuffer chars = CharBuffer.allocate(bytes.remaining());
    try {
      var result = decoder.decode(bytes, chars, true);
      if (result.isError()) {
        result.throwException();
      }
      return chars.flip().toString();
    } catch (CharacterCodingException e) {
      throw new UserError(
          Phrase.of(
              "%s: expected text in %s, found something else at offset %d; convert it to UTF-8",
              file, encoding.label(), bytes.position()),
          e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > BYTES_MAX) {
        throw new UserError(
            Phrase.of(
                "%s: expected a text of at most %,d bytes, found %,d", file, BYTES_MAX, size));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
