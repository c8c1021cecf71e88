package io.dlion.data.record;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DataSet;
import io.dlion.data.bitmap.Bitmap;
import io.dlion.data.field.ColumnSurvey;
import io.dlion.data.field.Numerals;
import io.dlion.data.image.PixelScale;
import io.dlion.data.image.Pixels;
import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.preprocessing.ImagePreprocessing;
import io.dlion.data.preprocessing.Standard;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Measures an encoding on the first records of a stream. Used once. */
final class FirstRecords {
  private static final int WORDS_MAX = 32;

  private final String name;
  private final RecordSchema schema;
  private final List<byte[]> records;
  private @Nullable UnfitRecordException firstUnfit;

  private FirstRecords(String name, RecordSchema schema, List<byte[]> records) {
    this.name = name;
    this.schema = schema;
    this.records = records;
  }

  static DataSet measure(String name, RecordSchema schema, List<byte[]> records) {
    FirstRecords first = new FirstRecords(name, schema, records);
    return schema.kind() == DataKind.IMAGES ? first.images() : first.table();
  }

  private UserError nothing() {
    return new UserError(
        Phrase.of(
            "%s: expected records to measure the encoding on, found %,d, none of them fit: %s",
            name, records.size(), firstUnfit == null ? "" : firstUnfit.reason()));
  }

  private void unfit(UnfitRecordException e) {
    firstUnfit = firstUnfit == null ? e : firstUnfit;
  }

  private DataSet table() {
    CsvSchema columns = columns();
    RowReader reader = new RowReader(columns, Numerals.POINT);
    FieldTexts texts = new FieldTexts(columns.names());
    List<double[]> rows = new ArrayList<>();
    List<Double> labels = new ArrayList<>();
    for (byte[] record : records) {
      try {
        if (schema.format() == RecordFormat.RAW) {
          reader.raw(record, schema.raw(DataKind.TABLE));
        } else {
          read(record, texts);
          reader.read(texts);
        }
        rows.add(reader.values.clone());
        labels.add(reader.label);
      } catch (UnfitRecordException e) {
        unfit(e);
      }
    }
    if (rows.isEmpty()) {
      throw nothing();
    }
    Table table = new Table(name, rows.size(), columns.features());
    for (int row = 0; row < rows.size(); row++) {
      System.arraycopy(rows.get(row), 0, table.features, row * table.width, table.width);
      table.labels[row] = labels.get(row);
    }
    int[] all = IntStream.range(0, rows.size()).toArray();
    return StreamedData.empty(name, TablePreprocessing.of(columns, 0, table, all), List.of());
  }

  private void read(byte[] record, FieldTexts texts) throws UnfitRecordException {
    if (schema.format() == RecordFormat.JSON) {
      texts.json(record);
    } else {
      int[] order = IntStream.range(0, texts.size()).toArray();
      texts.csv(record, schema.delimiter().orElse(','), List.of(order));
    }
  }

  /** What each column is for: by the schema, and by what stands in it. */
  private CsvSchema columns() {
    List<String> names = StreamedData.columnNames(name, schema);
    int label = names.indexOf(StreamedData.labelName(schema));
    List<ColumnSurvey> surveys = surveys(names);
    List<CsvColumn> columns = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      columns.add(
          c == label
              ? label(surveys.get(c))
              : StreamedData.isFeature(schema, names.get(c))
                  ? feature(names.get(c), surveys.get(c))
                  : new CsvColumn.LeftOut("not in the schema"));
    }
    return new CsvSchema(names, columns, label);
  }

  private List<ColumnSurvey> surveys(List<String> names) {
    List<ColumnSurvey> surveys =
        names.stream()
            .map(_ -> new ColumnSurvey(Numerals.POINT, ColumnSurvey.DISTINCT_MAX))
            .toList();
    if (schema.format() == RecordFormat.RAW) {
      return surveys;
    }
    FieldTexts texts = new FieldTexts(names);
    for (byte[] record : records) {
      try {
        read(record, texts);
        for (int c = 0; c < names.size(); c++) {
          String text = texts.text(c);
          surveys.get(c).add(text == null ? "" : text.strip());
        }
      } catch (UnfitRecordException e) {
        unfit(e);
      }
    }
    return surveys;
  }

  private CsvColumn label(ColumnSurvey survey) {
    if (schema.isRegression()) {
      return new CsvColumn.Numeric();
    }
    List<String> classes = schema.classes().isEmpty() ? survey.values() : schema.classes();
    if (classes.size() < 2 || survey.distinctCount() > ColumnSurvey.DISTINCT_MAX) {
      throw new UserError(
          Phrase.of(
              "%s: classes: expected from 2 to %d different labels in the first %,d records, found"
                  + " %d; name the classes in the schema, or say task: regression",
              name, ColumnSurvey.DISTINCT_MAX, records.size(), classes.size()));
    }
    return new CsvColumn.Category(classes);
  }

  private CsvColumn feature(String column, ColumnSurvey survey) {
    if (schema.format() == RecordFormat.RAW || survey.isEmpty()) {
      return new CsvColumn.Numeric();
    }
    if (survey.isNumeric() && survey.units().size() == 1) {
      return new CsvColumn.Numeric(survey.units().getFirst());
    }
    if (survey.distinctCount() > WORDS_MAX) {
      throw new UserError(
          Phrase.of(
              "%s: features: column '%s': expected numbers, or at most %d different words, found"
                  + " more; leave it out",
              name, column, WORDS_MAX));
    }
    return new CsvColumn.Category(survey.values());
  }

  private DataSet images() {
    DataSet bySchema = StreamedData.of(name, schema);
    ImagePreprocessing encoding = (ImagePreprocessing) bySchema.preprocessing();
    ImageEncoder encoder = new ImageEncoder(encoding, schema);
    if (schema.format() == RecordFormat.RAW
        && schema.raw(DataKind.IMAGES).type() != RawLayout.Type.UINT8) {
      return bySchema;
    }
    List<Bitmap> images = new ArrayList<>();
    for (byte[] record : records) {
      try {
        images.add(encoder.decode(record));
      } catch (UnfitRecordException e) {
        unfit(e);
      }
    }
    if (images.isEmpty()) {
      throw nothing();
    }
    Pixels pixels =
        new Pixels(name, images.size(), encoding.channels(), encoding.height(), encoding.width());
    for (int row = 0; row < images.size(); row++) {
      pixels.set(row, images.get(row));
    }
    List<Standard> scales = PixelScale.measure(pixels, IntStream.range(0, images.size()).toArray());
    return StreamedData.empty(
        name,
        new ImagePreprocessing(
            encoding.height(), encoding.width(), scales, encoding.classes(), encoding.classNames()),
        List.of());
  }
}
