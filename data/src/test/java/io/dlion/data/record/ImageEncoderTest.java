package io.dlion.data.record;

import static io.dlion.data.record.Encoded.assertRow;
import static io.dlion.data.record.Encoded.assertUnfit;
import static io.dlion.data.record.Encoded.bytes;
import static io.dlion.data.record.Encoded.png;
import static io.dlion.data.record.Encoded.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.recognise.DataSets;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageEncoderTest {
  private static final DataOptions DEFAULTS = DataOptions.defaults();

  @TempDir Path folder;

  private static ImageEncoder encoder(DataSet set, RecordFormat format) {
    return (ImageEncoder) RecordEncoder.of(set, DEFAULTS, RecordSchema.of(format));
  }

  /** An image folder with a test part, of the classes cat and dog. */
  private DataSet images(int size, int type, DataOptions options) throws IOException {
    for (String split : List.of("train", "test")) {
      for (int i = 0; i < 6; i++) {
        write(split + "/cat/" + i + ".png", png(size, size, type, i));
        write(split + "/dog/more/" + i + ".png", png(size, size, type, 10 + i));
      }
    }
    return DataSets.open(folder.toString(), options);
  }

  private Path write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  @Test
  void imageFilesAreEncodedAsThoseOfTheFolder() throws Exception {
    for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_INT_RGB}) {
      DataSet set = images(12, type, DEFAULTS);
      ImageEncoder encoder = encoder(set, RecordFormat.IMAGE);
      Path train = folder.resolve("train");
      for (int i = 0; i < 6; i++) {
        Path cat = train.resolve("cat/" + i + ".png");
        Path dog = train.resolve("dog/more/" + i + ".png");
        byte[] file = Files.readAllBytes(cat);
        assertRow(encoder.image(file, "cat"), set.train(), i);
        assertRow(encoder.encode(file, Optional.of(" cat ")).getFirst(), set.train(), i);
        String base64 = Base64.getEncoder().encodeToString(file);
        String json = "{\"image\": \"" + base64 + "\", \"label\": \"cat\"}";
        assertRow(encoder.json(utf8(json)), set.train(), i);
        assertRow(
            encoder.json(utf8(json.replace(": \"iV", ": \"data:image/png;base64,iV"))),
            set.train(),
            i);
        assertRow(one(encoder.open(train, dog)), set.train(), 6 + i);
        assertRow(one(encoder.open(folder, dog)), set.train(), 6 + i);
      }
    }
  }

  private static MemorySegment one(FileExamples file) throws Exception {
    assertThat(file.count()).isEqualTo(1);
    return file.example(0);
  }

  @Test
  void imagesAreBroughtToTheSizeOfTheExamples() throws Exception {
    DataSet set = images(12, BufferedImage.TYPE_INT_RGB, DEFAULTS.withImageSize(8));
    ImageEncoder encoder = encoder(set, RecordFormat.IMAGE);
    for (int i = 0; i < 6; i++) {
      assertRow(encoder.image(png(12, 12, BufferedImage.TYPE_INT_RGB, i), "cat"), set.train(), i);
    }
    byte[] grey = png(20, 13, BufferedImage.TYPE_BYTE_GRAY, 1);
    float[] values = encoder.image(grey, "cat").toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    assertThat(values).hasSize(8 * 8 * 3 + 2);
  }

  @Test
  void rawPixelsAreEncodedAsThoseOfFashionMnist() throws Exception {
    Path fashion = Encoded.real("fashion-mnist");
    DataSet set = DataSets.open(fashion.toString(), DEFAULTS);
    ImageEncoder encoder = encoder(set, RecordFormat.RAW);
    Path images = fashion.resolve("t10k-images-idx3-ubyte.gz");
    byte[] pixels = unzipped(images);
    byte[] labels = unzipped(fashion.resolve("t10k-labels-idx1-ubyte.gz"));
    FileExamples file = encoder.open(fashion, images);
    assertThat(file.count()).isEqualTo(10_000);
    for (int i = 0; i < 10_000; i++) {
      byte[] record = new byte[785];
      record[0] = labels[8 + i];
      System.arraycopy(pixels, 16 + 784 * i, record, 1, 784);
      assertRow(encoder.raw(record), set.test(), i);
      assertRow(file.example(i), set.test(), i);
    }
    FileExamples alone = encoder.open(fashion, fashion.resolve("t10k-labels-idx1-ubyte.gz"));
    assertThat(alone.count()).isZero();
  }

  private static byte[] unzipped(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  /** Batches of CIFAR-10 with few images. */
  private DataSet cifar() throws IOException {
    for (int batch = 1; batch <= 6; batch++) {
      byte[] content = new byte[3073 * 4];
      new SplittableRandom(batch).nextBytes(content);
      for (int i = 0; i < 4; i++) {
        content[3073 * i] = (byte) ((4 * batch + i) % 10);
      }
      write(batch == 6 ? "test_batch.bin" : "data_batch_" + batch + ".bin", content);
    }
    return DataSets.open(folder.toString(), DEFAULTS);
  }

  @Test
  void cifarBatchesAreEncodedAsThoseOfTheDataSet() throws Exception {
    DataSet set = cifar();
    ImageEncoder encoder = encoder(set, RecordFormat.RAW);
    for (int batch = 1; batch <= 5; batch++) {
      Path path = folder.resolve("data_batch_" + batch + ".bin");
      byte[] content = Files.readAllBytes(path);
      FileExamples file = encoder.open(folder, path);
      assertThat(file.count()).isEqualTo(4);
      for (int i = 0; i < 4; i++) {
        int row = 4 * (batch - 1) + i;
        assertRow(
            encoder.raw(Arrays.copyOfRange(content, 3073 * i, 3073 * (i + 1))), set.train(), row);
        assertRow(file.example(i), set.train(), row);
      }
    }
  }

  @Test
  void oneBadLabelOfAFileIsUnfitAlone() throws Exception {
    ImageEncoder encoder = encoder(cifar(), RecordFormat.RAW);
    byte[] content = Files.readAllBytes(folder.resolve("test_batch.bin"));
    content[3073] = 77;
    FileExamples file = encoder.open(folder, write("new.bin", content));
    assertThat(file.example(0)).isNotNull();
    assertUnfit(() -> file.example(1), "label:77", "new.bin: image 1", "airplane");
    assertThat(file.example(2)).isNotNull();
    Path cut = write("cut.bin", Arrays.copyOf(content, 5000));
    assertUnfit(() -> encoder.open(folder, cut), "file", "3,073 bytes each", "5,000");
  }

  @Test
  void floatPixelsAreFromZeroToOne() throws Exception {
    DataSet set = images(2, BufferedImage.TYPE_INT_RGB, DEFAULTS);
    RecordSchema schema = RecordSchema.parse("job", Map.of("format", "raw", "type", "float32"));
    ImageEncoder encoder = (ImageEncoder) RecordEncoder.of(set, DEFAULTS, schema);
    ByteBuffer floats = ByteBuffer.allocate(4 * 13).order(ByteOrder.LITTLE_ENDIAN).putFloat(1);
    byte[] record = new byte[13];
    record[0] = 1;
    for (int i = 0; i < 12; i++) {
      boolean white = i % 5 == 0;
      record[1 + i] = (byte) (white ? 255 : 0);
      floats.putFloat(white ? 1 : 0);
    }
    assertThat(bytes(encoder.raw(floats.array())))
        .isEqualTo(bytes(encoder(set, RecordFormat.RAW).raw(record)));
    floats.putFloat(8, Float.NaN);
    assertUnfit(() -> encoder.raw(floats.array()), "number", "NaN");
  }

  @Test
  void imagesWaitForTheirLabels() throws Exception {
    ImageEncoder encoder = encoder(DataSets.open("generated:shapes", DEFAULTS), RecordFormat.RAW);
    byte[] head = ByteBuffer.allocate(16).putInt(0x803).putInt(2).putInt(28).putInt(28).array();
    Path images = write("new-images-idx3-ubyte", Arrays.copyOf(head, 16 + 2 * 784));
    assertUnfit(
        () -> encoder.open(folder, images),
        UnfitRecordException.INCOMPLETE,
        "waits for its labels, new-labels-idx1-ubyte");
    byte[] labels = ByteBuffer.allocate(10).putInt(0x801).putInt(2).put((byte) 3).array();
    write("new-labels-idx1-ubyte", labels);
    assertThat(encoder.open(folder, images).count()).isEqualTo(2);
    write("new-labels-idx1-ubyte", ByteBuffer.allocate(9).putInt(0x801).putInt(1).array());
    assertUnfit(() -> encoder.open(folder, images), "file", "expected 2 labels");
    write("new-labels-idx1-ubyte", new byte[5]);
    assertUnfit(() -> encoder.open(folder, images), "file", "0x00000801");
  }

  @Test
  void unfitImagesSayWhy() throws Exception {
    DataSet set = images(12, BufferedImage.TYPE_BYTE_GRAY, DEFAULTS);
    ImageEncoder encoder = encoder(set, RecordFormat.IMAGE);
    byte[] good = png(12, 12, BufferedImage.TYPE_BYTE_GRAY, 1);
    assertUnfit(() -> encoder.image(good, "zebra"), "label:zebra", "knows cat, dog");
    assertUnfit(() -> encoder.encode(good, Optional.empty()), "missing:label");
    assertUnfit(() -> encoder.image(new byte[0], "cat"), "empty");
    assertUnfit(() -> encoder.image(new byte[(16 << 20) + 1], "cat"), "large");
    assertUnfit(() -> encoder.image(utf8("nonsense"), "cat"), "image", "that are none");
    assertUnfit(() -> encoder.image(Arrays.copyOf(good, 60), "cat"), "image", "cannot be decoded");
    byte[] wide = png(13, 12, BufferedImage.TYPE_BYTE_GRAY, 1);
    assertUnfit(() -> encoder.image(wide, "cat"), "image", "12×12 grey", "13×12 grey");
    byte[] colour = png(12, 12, BufferedImage.TYPE_INT_RGB, 1);
    assertUnfit(() -> encoder.image(colour, "cat"), "image", "12×12 grey", "12×12 colour");
    assertUnfit(
        () -> encoder.json(utf8("{\"image\": \"§\", \"label\": \"cat\"}")), "image", "base64");
    assertUnfit(() -> encoder.json(utf8("{\"label\": \"cat\"}")), "missing:image");
    assertUnfit(() -> encoder.json(utf8("{\"image\": \"aa\"}")), "missing:label");
    assertUnfit(() -> encoder.json(utf8("{\"image\": \"\", \"label\": \"cat\"}")), "missing:image");
    Path zebra = write("zebra/1.png", good);
    assertUnfit(() -> encoder.open(folder, zebra), "label:zebra", "zebra/1.png", "knows cat, dog");
    Path loose = write("1.png", good);
    assertUnfit(() -> encoder.open(folder, loose), "loose", "folder per class");
    assertUnfit(
        () -> encoder.open(folder, folder.resolve("cat/gone.png")), UnfitRecordException.VANISHED);
    Path empty = write("cat/empty.png", new byte[0]);
    assertUnfit(() -> encoder.open(folder, empty), "empty");
    assertUnfit(() -> encoder(set, RecordFormat.RAW).raw(new byte[144]), "length", "145 bytes");
  }

  /** Prints what the speed is; asserts only that it is not absurd, for machines differ. */
  @Test
  void smallImageFilesAreEncodedFast() throws Exception {
    DataSet set = images(28, BufferedImage.TYPE_BYTE_GRAY, DEFAULTS);
    ImageEncoder encoder = encoder(set, RecordFormat.IMAGE);
    Path[] files = new Path[500];
    for (int i = 0; i < files.length; i++) {
      files[i] = write("watched/cat/" + i + ".png", png(28, 28, BufferedImage.TYPE_BYTE_GRAY, i));
    }
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 6; round++) {
      long from = System.nanoTime();
      for (Path file : files) {
        encoder.open(folder.resolve("watched"), file).example(0);
      }
      best = Math.min(best, System.nanoTime() - from);
    }
    double perSecond = files.length * 1e9 / best;
    System.out.printf(Locale.ROOT, "image files a second: %,.0f%n", perSecond);
    assertThat(perSecond).isGreaterThan(300);
  }
}
