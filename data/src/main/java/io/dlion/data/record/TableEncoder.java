package io.dlion.data.record;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.data.DataOptions;
import io.dlion.data.csv.CsvFile;
import io.dlion.data.csv.TableRows.Row;
import io.dlion.data.field.Numerals;
import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.preprocessing.Standard;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.table.GivenTables;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Encodes rows of a table, each of which is an example. Confined to one thread. */
public final class TableEncoder implements RecordEncoder {
  /** The rows of a file are held in memory at once. */
  private static final long FILE_BYTES_MAX = 1L << 26;

  private final TablePreprocessing preprocessing;
  private final DataOptions options;
  private final RecordSchema schema;
  private final FieldTexts texts;
  private final RowReader row;
  private final List<int[]> orders;

  TableEncoder(TablePreprocessing preprocessing, DataOptions options, RecordSchema schema) {
    if (preprocessing.steps() > 0) {
      throw new UserError(
          "streams bring single rows; time series (--window, --sequence-by) cannot be learned from"
              + " a stream: leave the option out");
    }
    String predicted = preprocessing.schema().labelName();
    if (!schema.label().orElse(predicted).equals(predicted)) {
      throw new UserError(
          Phrase.of(
              "label: expected '%s', the column that the data names, found '%s'",
              predicted, schema.label().get()));
    }
    this.preprocessing = preprocessing;
    this.options = options;
    this.schema = schema;
    CsvSchema columns = preprocessing.schema();
    this.texts = new FieldTexts(columns.names());
    this.row =
        new RowReader(columns, options.table().decimal().map(Numerals::of).orElse(Numerals.POINT));
    this.orders = orders(columns, schema.columns());
  }

  /** Lines may have all columns, or those alone that are used; or those that a job names. */
  private static List<int[]> orders(CsvSchema columns, List<String> given) {
    if (given.isEmpty()) {
      return List.of(
          IntStream.range(0, columns.names().size()).toArray(),
          IntStream.range(0, columns.names().size())
              .filter(c -> c == columns.label() || columns.columns().get(c).width() > 0)
              .toArray());
    }
    for (String name : columns.usedNames()) {
      if (!given.contains(name)) {
        throw new UserError(
            Phrase.of(
                "columns: expected the column '%s', which the model gets, among them; found %s",
                name, String.join(", ", given)));
      }
    }
    return List.of(given.stream().mapToInt(columns.names()::indexOf).toArray());
  }

  @Override
  public ExampleShape shape() {
    return preprocessing.shape();
  }

  @Override
  public List<MemorySegment> encode(byte[] record, Optional<String> label)
      throws UnfitRecordException {
    return List.of(
        switch (schema.format()) {
          case JSON -> json(record);
          case CSV -> csv(record);
          case RAW -> raw(record);
          case IMAGE, TEXT -> throw new IllegalStateException(schema.format().key());
        });
  }

  /** Encodes a JSON object with the names of the columns. */
  public MemorySegment json(byte[] record) throws UnfitRecordException {
    texts.json(record);
    row.read(texts);
    return example(row);
  }

  /** Encodes a line with the columns in their order. */
  public MemorySegment csv(byte[] record) throws UnfitRecordException {
    texts.csv(record, options.table().delimiter().orElse(','), orders);
    row.read(texts);
    return example(row);
  }

  /**
   * Encodes bare numbers: one for each column that a model gets, for a word its place among those
   * of its column, and the label.
   */
  public MemorySegment raw(byte[] record) throws UnfitRecordException {
    row.raw(record, schema.raw(DataKind.TABLE));
    return example(row);
  }

  private MemorySegment example(RowReader read) throws UnfitRecordException {
    List<Standard> standards = preprocessing.features();
    boolean regression = preprocessing.schema().isRegression();
    int width = standards.size();
    MemorySegment example = MemorySegment.ofArray(new byte[4 * width + (regression ? 4 : 8)]);
    for (int f = 0; f < width; f++) {
      float value = finite(standards.get(f).standardised(read.values[f]));
      example.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * f, value);
    }
    if (regression) {
      float target = finite(preprocessing.target().standardised(read.label));
      example.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * width, target);
    } else {
      example.set(ValueLayout.JAVA_LONG_UNALIGNED, 4L * width, (long) read.label);
    }
    return example;
  }

  private static float finite(float value) throws UnfitRecordException {
    if (!Float.isFinite(value)) {
      throw new UnfitRecordException(
          "number", "expected numbers that stay finite when they are standardised");
    }
    return value;
  }

  @Override
  public FileExamples open(Path root, Path file) throws UnfitRecordException {
    FileBytes.length(file, FILE_BYTES_MAX);
    CsvSchema columns = preprocessing.schema();
    CsvFile table =
        FileBytes.reading(file, () -> GivenTables.open(List.of(file), columns, options).getFirst());
    RowReader reader = new RowReader(columns, table.numerals());
    int[] order = inverse(columns.places(table), table.names().size());
    List<Outcome> outcomes = new ArrayList<>();
    FileBytes.reading(
        file,
        () -> {
          table.forEachRow(fields -> outcomes.add(outcome(table, fields, order, reader)));
          return outcomes;
        });
    if (outcomes.isEmpty()) {
      throw new UnfitRecordException("empty", file + ": expected rows, found none");
    }
    return new Rows(List.copyOf(outcomes));
  }

  /** For each field of a row, the column it belongs to, or -1. */
  private static int[] inverse(int[] places, int fields) {
    int[] order = new int[fields];
    Arrays.fill(order, -1);
    for (int c = 0; c < places.length; c++) {
      if (places[c] >= 0) {
        order[places[c]] = c;
      }
    }
    return order;
  }

  private Outcome outcome(CsvFile table, Row fields, int[] order, RowReader reader) {
    try {
      texts.take(table.fields(fields), order);
      reader.read(texts);
      return new Outcome(example(reader), null);
    } catch (UserError e) {
      return new Outcome(null, new UnfitRecordException("row", String.valueOf(e.getMessage()), e));
    } catch (UnfitRecordException e) {
      String reason = Phrase.of("%s:%d: %s", table.path(), fields.line(), e.reason());
      return new Outcome(null, new UnfitRecordException(e.kind(), reason, e));
    }
  }

  /** What became of a row: one of both. */
  private record Outcome(@Nullable MemorySegment example, @Nullable UnfitRecordException unfit) {}

  private record Rows(List<Outcome> outcomes) implements FileExamples {
    @Override
    public int count() {
      return outcomes.size();
    }

    @Override
    public MemorySegment example(int index) throws UnfitRecordException {
      Outcome outcome = outcomes.get(index);
      if (outcome.unfit != null) {
        throw outcome.unfit;
      }
      return Objects.requireNonNull(outcome.example);
    }
  }
}
