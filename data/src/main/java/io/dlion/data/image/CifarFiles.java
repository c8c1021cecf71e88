package io.dlion.data.image;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.JudgedPart;
import io.dlion.data.Source;
import io.dlion.data.file.InputFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The binary version of CIFAR-10 (cs.toronto.edu/~kriz/cifar.html): records of one label byte and
 * 3072 pixel bytes, all red before all green before all blue; turned to channels last once, here.
 */
public final class CifarFiles {
  /** Width and height in pixels. */
  public static final int SIDE = 32;

  private static final int PLANE_BYTES = SIDE * SIDE;

  /** Bytes of an image and its label. */
  public static final int RECORD_BYTES = 1 + 3 * PLANE_BYTES;

  private static final int CLASSES = 10;
  private static final String TEST = "test_batch.bin";
  private static final List<String> TRAIN =
      IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList();

  /** What the label bytes mean. */
  public static final List<String> CLASS_NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private CifarFiles() {}

  /** The folder that has the batches: this one or {@code cifar-10-batches-bin} in it. */
  public static Optional<Path> find(Path folder) {
    return List.of(folder, folder.resolve("cifar-10-batches-bin")).stream()
        .filter(f ->
            TRAIN.stream().anyMatch(b -> Files.exists(f.resolve(b)))
                || Files.exists(f.resolve(TEST)))
        .findFirst();
  }

  /** Reads the batches of a folder. */
  public static DataSet read(String name, Path folder, DataOptions options) {
    for (String batch : Stream.concat(TRAIN.stream(), Stream.of(TEST)).toList()) {
      if (!Files.exists(folder.resolve(batch))) {
        throw new UserError(
            Phrase.of(
                "%s: expected data_batch_1.bin to data_batch_5.bin and test_batch.bin of CIFAR-10, %s is missing: fetch it again",
                folder, batch));
      }
    }
    Images train = images(folder, TRAIN.stream().map(folder::resolve).toList());
    Optional<Images> test = Optional.of(images(folder, List.of(folder.resolve(TEST))));
    return Images.dataSet(
        name, train, test, CLASSES, CLASS_NAMES, Source.of("CIFAR-10 binary"), options);
  }

  /** The test batch where a folder has it, else those of the other batches that are there. */
  static JudgedImages judged(Path folder) {
    boolean split = Files.exists(folder.resolve(TEST));
    List<Path> files =
        split
            ? List.of(folder.resolve(TEST))
            : TRAIN.stream().map(folder::resolve).filter(Files::exists).toList();
    return new JudgedImages(
        images(folder, files),
        CLASS_NAMES,
        split ? JudgedPart.TEST_SPLIT : JudgedPart.ALL,
        Source.of("CIFAR-10 binary"));
  }

  private static Images images(Path folder, List<Path> files) {
    int count = Math.toIntExact(files.stream().mapToLong(CifarFiles::records).sum());
    Images images =
        new Images(new Pixels(folder.toString(), count, 3, SIDE, SIDE), new short[count]);
    int row = 0;
    for (Path file : files) {
      row = readBatch(file, images, row);
    }
    return images;
  }

  private static long records(Path file) {
    try {
      long bytes = Files.size(file);
      if (bytes == 0 || bytes % RECORD_BYTES != 0) {
        throw new UserError(
            Phrase.of(
                "%s: expected whole records of %d bytes, found %d bytes: %d records and %d bytes more; the file is truncated, fetch it again",
                file, RECORD_BYTES, bytes, bytes / RECORD_BYTES, bytes % RECORD_BYTES));
      }
      return bytes / RECORD_BYTES;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int readBatch(Path file, Images into, int firstRow) {
    int records = (int) records(file);
    byte[] record = new byte[RECORD_BYTES];
    try (InputFile in = InputFile.open(file)) {
      for (int i = 0; i < records; i++) {
        in.readFully(record, 0, RECORD_BYTES, (long) records * RECORD_BYTES);
        int label = record[0] & 0xff;
        if (label >= CLASSES) {
          throw new UserError(
              Phrase.of(
                  "%s: record %d (counted from 0, offset %d): expected a label from 0 to 9, found %d",
                  file, i, (long) i * RECORD_BYTES, label));
        }
        int row = firstRow + i;
        into.labels[row] = (short) label;
        interleave(record, into.pixels.chunk(row), into.pixels.offset(row));
      }
    }
    return firstRow + records;
  }

  private static void interleave(byte[] record, byte[] to, int offset) {
    for (int p = 0; p < PLANE_BYTES; p++) {
      for (int c = 0; c < 3; c++) {
        to[offset + 3 * p + c] = record[1 + c * PLANE_BYTES + p];
      }
    }
  }
}
