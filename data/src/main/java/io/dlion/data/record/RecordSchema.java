package io.dlion.data.record;

import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.schema.LabelTask;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a job says about the records of a stream. Beside a data set, the format is enough; without
 * one, the schema says what there is to learn, too. Immutable.
 *
 * @param format how each record is written
 * @param features names of the columns that a model gets; empty where a data set names them
 * @param label name of the column to predict, or of the field with an image's class
 * @param classes names of the classes in order of their numbers; empty where a data set names them
 * @param task whether the label is a class or a number; empty: a class
 * @param columns CSV: the columns of a line in their order; empty: those of the data set, or the
 *     features and then the label
 * @param delimiter CSV: between fields; empty: as in the data set, or a comma
 * @param rawType RAW: type of the numbers; empty: bytes for images, else float32
 * @param rawLabel RAW: where the label stands; empty: first for images, else last
 * @param shape dimensions of an input: channels, height and width of an image, or how many numbers
 *     a row has; may be empty
 * @param means of the features by their names, and of the label of a regression; of an image's
 *     channels by their numbers from 0
 * @param deviations the same
 */
public record RecordSchema(
    RecordFormat format,
    List<String> features,
    Optional<String> label,
    List<String> classes,
    Optional<LabelTask> task,
    List<String> columns,
    Optional<Character> delimiter,
    Optional<RawLayout.Type> rawType,
    Optional<RawLayout.Label> rawLabel,
    List<Integer> shape,
    Map<String, Double> means,
    Map<String, Double> deviations) {
  /** Copies the lists. */
  public RecordSchema {
    features = List.copyOf(features);
    classes = List.copyOf(classes);
    columns = List.copyOf(columns);
    shape = List.copyOf(shape);
    means = Map.copyOf(means);
    deviations = Map.copyOf(deviations);
  }

  /** A format alone, for records like those of a data set. */
  public static RecordSchema of(RecordFormat format) {
    return new RecordSchema(
        format,
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Map.of(),
        Map.of());
  }

  /**
   * Reads what a job says.
   *
   * @param place names it in an error
   * @param values texts, numbers, and lists and maps of them, by the keys {@code format}, {@code
   *     features}, {@code label}, {@code classes}, {@code task}, {@code columns}, {@code
   *     delimiter}, {@code type}, {@code label-at}, {@code shape}, {@code mean} and {@code std}
   * @throws io.dlion.core.UserError which names the key and what was expected
   */
  public static RecordSchema parse(String place, Map<String, ?> values) {
    return new SchemaReader(place, values).read();
  }

  /** Whether a number is to be predicted. */
  public boolean isRegression() {
    return task.isPresent() && task.get() == LabelTask.REGRESSION;
  }

  /** Which kind of data the records are, as far as the schema alone says. */
  public DataKind kind() {
    return switch (format) {
      case IMAGE -> DataKind.IMAGES;
      case TEXT -> DataKind.TEXT;
      case JSON, RAW -> shape.size() == 3 ? DataKind.IMAGES : DataKind.TABLE;
      case CSV -> DataKind.TABLE;
    };
  }

  /** How bare numbers of a kind of data are laid out. */
  RawLayout raw(DataKind kind) {
    boolean images = kind == DataKind.IMAGES;
    return new RawLayout(
        rawType.orElse(images ? RawLayout.Type.UINT8 : RawLayout.Type.FLOAT32),
        rawLabel.orElse(images ? RawLayout.Label.FIRST : RawLayout.Label.LAST));
  }

  /** Names of the formats that can hold data of a kind. */
  static List<String> formats(DataKind kind) {
    return Arrays.stream(RecordFormat.values())
        .filter(f -> f.fits(kind))
        .map(RecordFormat::key)
        .toList();
  }

  /** The format that suits a kind of data best. */
  static RecordFormat usual(DataKind kind) {
    return switch (kind) {
      case TABLE -> RecordFormat.CSV;
      case IMAGES -> RecordFormat.IMAGE;
      case TEXT -> RecordFormat.TEXT;
    };
  }
}
