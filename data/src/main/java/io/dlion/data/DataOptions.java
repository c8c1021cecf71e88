package io.dlion.data;

import io.dlion.core.UserError;
import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.preprocessing.ImagePreprocessing;
import io.dlion.data.preprocessing.Mismatch;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.preprocessing.TextPreprocessing;
import java.util.List;
import java.util.Optional;

/**
 * How to read a data set. What is empty is recognised by what lies there.
 *
 * @param kind what the files hold
 * @param table how to read tables
 * @param classes images and tables: names of all classes, in the order of their numbers, where the
 *     data may lack some; empty: those of the data
 * @param imageSize images: width and height in pixels that each is resized and cropped to
 * @param sequenceLength text: symbols in one example; empty: {@value #DEFAULT_SEQUENCE_LENGTH}
 * @param seed of generated data, and of the choice of examples held out where no test set exists
 * @param encoding how the examples are to be encoded; where empty, it is measured from them
 */
public record DataOptions(
    Optional<DataKind> kind,
    TableOptions table,
    List<String> classes,
    Optional<Integer> imageSize,
    Optional<Integer> sequenceLength,
    long seed,
    Optional<Preprocessing> encoding) {
  /** Symbols in one example of a text where nothing else is asked for. */
  public static final int DEFAULT_SEQUENCE_LENGTH = 64;

  /** A larger image is a mistake. */
  public static final int IMAGE_SIZE_MAX = ImagePreprocessing.SIZE_MAX;

  /** Checks the lengths and the classes. */
  public DataOptions {
    classes = ClassList.checked(classes);
    sequenceLength.ifPresent(
        n -> between("sequence length", n, TextPreprocessing.SEQUENCE_LENGTH_MAX));
    imageSize.ifPresent(n -> between("image size", n, IMAGE_SIZE_MAX));
  }

  static void between(String what, int value, int maximum) {
    if (value < 1 || value > maximum) {
      throw new UserError(what + " " + value + ": expected 1 to " + maximum);
    }
  }

  /** Everything recognised, seed 1. */
  public static DataOptions defaults() {
    return new DataOptions(
        Optional.empty(),
        TableOptions.NONE,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        1,
        Optional.empty());
  }

  /** Symbols in one example of a text. */
  public int symbols() {
    return sequenceLength.orElse(DEFAULT_SEQUENCE_LENGTH);
  }

  /** The same for data of this kind. */
  public DataOptions withKind(DataKind asked) {
    return new DataOptions(
        Optional.of(asked), table, classes, imageSize, sequenceLength, seed, encoding);
  }

  /** The same with other options for tables. */
  public DataOptions withTable(TableOptions options) {
    return new DataOptions(kind, options, classes, imageSize, sequenceLength, seed, encoding);
  }

  /** The same with another label column. */
  public DataOptions withLabel(String column) {
    return withTable(table.withLabel(column));
  }

  /** The same with another decimal mark. */
  public DataOptions withDecimal(char mark) {
    return withTable(table.withDecimal(mark));
  }

  /** The same with rows put together to windows of so many. */
  public DataOptions withWindow(int rows) {
    return withTable(table.withWindow(rows));
  }

  /** The same with rows put together to sequences by a column. */
  public DataOptions withSequenceBy(String column) {
    return withTable(table.withSequenceBy(column));
  }

  /** The same with names of all classes. */
  public DataOptions withClasses(List<String> names) {
    return new DataOptions(kind, table, names, imageSize, sequenceLength, seed, encoding);
  }

  /** The same with a size that images are brought to. */
  public DataOptions withImageSize(int pixels) {
    return new DataOptions(
        kind, table, classes, Optional.of(pixels), sequenceLength, seed, encoding);
  }

  /** The same with another length of sequences. */
  public DataOptions withSequenceLength(int symbols) {
    return new DataOptions(kind, table, classes, imageSize, Optional.of(symbols), seed, encoding);
  }

  /** The same with another seed. */
  public DataOptions withSeed(long newSeed) {
    return new DataOptions(kind, table, classes, imageSize, sequenceLength, newSeed, encoding);
  }

  /** The same with an encoding that is given, not measured. */
  public DataOptions encodedBy(Preprocessing given) {
    return new DataOptions(
        kind, table, classes, imageSize, sequenceLength, seed, Optional.of(given));
  }

  /**
   * The encoding of this kind that is given, if one is.
   *
   * @param place names the data in an error
   * @param found what the data is
   * @throws UserError where an encoding of another kind of data is given
   */
  public <P extends Preprocessing> Optional<P> encoding(
      Class<P> wanted, String place, String found) {
    return encoding.map(given -> {
      if (!wanted.isInstance(given)) {
        throw Mismatch.of(place, given, found);
      }
      return wanted.cast(given);
    });
  }
}
