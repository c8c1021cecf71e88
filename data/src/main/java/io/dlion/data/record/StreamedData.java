package io.dlion.data.record;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.Subset;
import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.Source;
import io.dlion.data.TestSplit;
import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.preprocessing.ImagePreprocessing;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.preprocessing.Standard;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.recognise.DataSets;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.CsvSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Data sets without examples, for streams that begin without data: they say how records are to be
 * encoded. Thread safe.
 */
public final class StreamedData {
  /** Images of which nothing is known: pixels from 0 to 1 are brought to -2 to 2. */
  static final Standard IMAGE_STANDARD = new Standard(0.5, 0.25);

  private static final Standard AS_IT_IS = new Standard(0, 1);

  private StreamedData() {}

  /**
   * A data set by a schema alone. Numbers are standardised by the means and deviations that it
   * names; images without them by mean 0.5 and deviation 0.25 of pixels from 0 to 1; numbers of
   * tables without them are taken as they are, and a note says so.
   *
   * @param name of the stream, for people
   * @throws UserError where the schema does not say enough
   */
  public static DataSet of(String name, RecordSchema schema) {
    return schema.kind() == DataKind.IMAGES ? images(name, schema) : table(name, schema);
  }

  private static DataSet images(String name, RecordSchema schema) {
    if (schema.shape().size() != 3) {
      throw missing(name, "shape", "[channels, height, width] of the images");
    }
    List<Standard> scales = new ArrayList<>();
    for (int c = 0; c < schema.shape().getFirst(); c++) {
      scales.add(standard(schema, Integer.toString(c), IMAGE_STANDARD));
    }
    return empty(
        name,
        new ImagePreprocessing(
            schema.shape().get(1),
            schema.shape().get(2),
            scales,
            classes(name, schema).size(),
            classes(name, schema)),
        List.of());
  }

  private static DataSet table(String name, RecordSchema schema) {
    CsvColumn label =
        schema.isRegression()
            ? new CsvColumn.Numeric()
            : new CsvColumn.Category(classes(name, schema));
    List<String> names = columnNames(name, schema);
    List<CsvColumn> columns = new ArrayList<>();
    List<Standard> standards = new ArrayList<>();
    String labelName = labelName(schema);
    for (String column : names) {
      boolean feature = isFeature(schema, column);
      columns.add(
          column.equals(labelName)
              ? label
              : feature ? new CsvColumn.Numeric() : new CsvColumn.LeftOut("not in the schema"));
      if (feature) {
        standards.add(standard(schema, column, AS_IT_IS));
      }
    }
    CsvSchema table = new CsvSchema(names, columns, names.indexOf(labelName));
    Standard target = schema.isRegression() ? standard(schema, labelName, AS_IT_IS) : AS_IT_IS;
    boolean plain = schema.means().isEmpty() && schema.deviations().isEmpty();
    return empty(
        name,
        new TablePreprocessing(table, standards, target),
        plain
            ? List.of("numbers are taken as they are: the schema names no mean and std")
            : List.of());
  }

  /** The name of the column to predict. */
  static String labelName(RecordSchema schema) {
    return schema.label().orElse("label");
  }

  /** Whether a column is one that a model gets. */
  static boolean isFeature(RecordSchema schema, String column) {
    return schema.features().isEmpty()
        ? !column.equals(labelName(schema))
        : schema.features().contains(column);
  }

  /** Names of a record's columns in their order. */
  static List<String> columnNames(String name, RecordSchema schema) {
    if (schema.features().isEmpty() && schema.columns().isEmpty()) {
      throw missing(name, "features", "the names of the columns to predict from");
    }
    List<String> used =
        Stream.concat(schema.features().stream(), Stream.of(labelName(schema))).toList();
    if (schema.columns().isEmpty()) {
      return used;
    }
    for (String column : used) {
      if (!schema.columns().contains(column)) {
        throw missing(name, "columns", "'" + column + "' among them");
      }
    }
    return schema.columns();
  }

  private static List<String> classes(String name, RecordSchema schema) {
    if (schema.classes().isEmpty()) {
      throw missing(name, "classes", "the names of the classes, or task: regression");
    }
    return schema.classes();
  }

  private static UserError missing(String name, String key, String expected) {
    return new UserError(
        Phrase.of(
            "%s: %s: expected %s, found nothing; add it to the schema, or begin with --data",
            name, key, expected));
  }

  private static Standard standard(RecordSchema schema, String column, Standard otherwise) {
    return new Standard(
        schema.means().getOrDefault(column, otherwise.mean()),
        schema.deviations().getOrDefault(column, otherwise.deviation()));
  }

  /**
   * A data set in an encoding that is known, without any examples.
   *
   * @param name of the stream, for people
   */
  public static DataSet encoded(String name, Preprocessing preprocessing) {
    return empty(name, preprocessing, List.of());
  }

  /** A data set of this encoding without any examples. */
  static DataSet empty(String name, Preprocessing preprocessing, List<String> notes) {
    Contents contents =
        switch (preprocessing) {
          case ImagePreprocessing images -> Contents.Images.of(images.shape());
          case TablePreprocessing table -> Contents.Table.of(table.schema());
          default -> throw new IllegalStateException(preprocessing.dataKind().key());
        };
    NoExamples none = new NoExamples(preprocessing.shape());
    Source source = new Source("records", List.of(), notes);
    return DataSet.of(name, contents, none, none, TestSplit.OWN, preprocessing, source);
  }

  /**
   * A data set whose encoding is measured on the first records of a stream, as that of a file with
   * them would be. Records that are unfit are left out.
   *
   * @param schema images: with their shape and classes; as float32 numbers they are not measured
   * @param records in the format of the schema; they are not among the examples
   * @throws UserError where all are unfit, with the reason of the first; or where the schema does
   *     not say what is to be predicted
   */
  public static DataSet measured(String name, RecordSchema schema, List<byte[]> records) {
    return FirstRecords.measure(name, schema, records);
  }

  /**
   * A data set whose encoding is measured on what lies in a watched folder now. It has no examples
   * to learn from: the files will come by the stream. Those to judge by stay where the folder has a
   * test split of its own; examples that would be held out of what the stream brings are none.
   */
  public static DataSet ofFolder(String folder, DataOptions options) {
    DataSet set = DataSets.open(folder, options);
    boolean own = set.recognised().testSplit() == TestSplit.OWN;
    return DataSet.of(
        set.name(),
        set.recognised().contents(),
        new Subset(set.train(), new int[0]),
        own ? set.test() : new Subset(set.test(), new int[0]),
        TestSplit.OWN,
        set.preprocessing(),
        set.recognised().source());
  }
}
