package io.dlion.data.record;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.TableOptions;
import io.dlion.data.csv.TableLayout;
import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.preprocessing.ImagePreprocessing;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.preprocessing.TextPreprocessing;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Encodes single records, as they arrive on a stream, just as the rows of a data set are encoded:
 * what {@link io.dlion.core.learn.Examples#copy} gives for a row, its input and then its target.
 * Examples are new segments on the heap, to be read with unaligned layouts. Confined to one thread.
 */
public sealed interface RecordEncoder permits TableEncoder, ImageEncoder, TextEncoder {
  /** A longer record is unfit. */
  int RECORD_BYTES_MAX = 16 << 20;

  /**
   * An encoder in the encoding of a data set. Tables are expected to be written as those of the
   * data set are, as far as the options do not say otherwise.
   *
   * @throws UserError where the schema's format cannot hold data of this kind, or the examples are
   *     time series
   */
  static RecordEncoder of(DataSet set, DataOptions options, RecordSchema schema) {
    Optional<TableLayout> layout =
        set.recognised().contents() instanceof Contents.Table table
            ? table.layout()
            : Optional.empty();
    return of(set.preprocessing(), layout.map(l -> written(options, l)).orElse(options), schema);
  }

  /** An encoder in a given encoding. */
  static RecordEncoder of(Preprocessing preprocessing, DataOptions options, RecordSchema schema) {
    if (!schema.format().fits(preprocessing.dataKind())) {
      throw new UserError(
          Phrase.of(
              "format: %s cannot hold %s; expected %s",
              schema.format().key(),
              preprocessing.dataKind().key(),
              String.join(", ", RecordSchema.formats(preprocessing.dataKind()))));
    }
    return switch (preprocessing) {
      case TablePreprocessing table -> new TableEncoder(table, written(options, schema), schema);
      case ImagePreprocessing images -> new ImageEncoder(images, schema);
      case TextPreprocessing text -> new TextEncoder(text, schema);
    };
  }

  /** An encoder for the files of a watched folder; single records are in the kind's own format. */
  static RecordEncoder ofFiles(DataSet set, DataOptions options) {
    DataKind kind = set.preprocessing().dataKind();
    return of(set, options, RecordSchema.of(RecordSchema.usual(kind)));
  }

  private static DataOptions written(DataOptions options, TableLayout layout) {
    TableOptions table = options.table();
    return options.withTable(
        new TableOptions(
            table.label(),
            table.task(),
            table.header().or(() -> Optional.of(layout.header())),
            table.delimiter().or(() -> Optional.of(layout.delimiter())),
            table.decimal().or(() -> Optional.of(layout.decimal())),
            table.window(),
            table.sequenceBy()));
  }

  private static DataOptions written(DataOptions options, RecordSchema schema) {
    TableOptions table = options.table();
    return options.withTable(
        new TableOptions(
            table.label(),
            table.task(),
            table.header(),
            schema.delimiter().or(table::delimiter),
            table.decimal(),
            table.window(),
            table.sequenceBy()));
  }

  /** What each example looks like. */
  ExampleShape shape();

  /**
   * Encodes a record in the format of the schema.
   *
   * @param label the class of an image file, where it comes beside the record; of no use elsewhere
   * @return one example; of a text as many as it has
   * @throws UnfitRecordException where it cannot be learned from
   */
  List<MemorySegment> encode(byte[] record, Optional<String> label) throws UnfitRecordException;

  /**
   * Reads a file that has appeared in a watched folder: an image in a class folder, IDX or CIFAR-10
   * files, a table, a text.
   *
   * @param root the watched folder; the path below it says the class of an image
   * @throws UnfitRecordException where nothing of it can be learned; of the kind {@link
   *     UnfitRecordException#INCOMPLETE} where it needs another file that is not there yet
   */
  FileExamples open(Path root, Path file) throws UnfitRecordException;
}
