package io.dlion.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.data.Copies;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.file.Folder;
import io.dlion.data.recognise.DataSets;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFilesTest {
  private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";

  @TempDir Path folder;

  @BeforeEach
  void threeImagesOfTwoByOneAndTwoForTesting() throws IOException {
    write(TRAIN_IMAGES, images(3, 1, 2, 0, 255, 0, 255, 0, 255));
    write(TRAIN_LABELS, labels(0, 4, 2));
    write("t10k-images-idx3-ubyte", images(2, 1, 2, 255, 255, 0, 0));
    write("t10k-labels-idx1-ubyte", labels(1, 0));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private static byte[] images(int count, int height, int width, int... pixels) {
    ByteBuffer b = ByteBuffer.allocate(16 + pixels.length);
    b.putInt(0x803).putInt(count).putInt(height).putInt(width);
    Arrays.stream(pixels).forEach(p -> b.put((byte) p));
    return b.array();
  }

  private static byte[] labels(int... labels) {
    ByteBuffer b = ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length);
    Arrays.stream(labels).forEach(l -> b.put((byte) l));
    return b.array();
  }

  private DataSet open() {
    return DataSets.open(folder.toString(), DataOptions.defaults());
  }

  @Test
  void readsImagesNormalisedByTheTrainingSetsMeanAndDeviation() {
    DataSet set = open();
    assertThat(set.train().count()).isEqualTo(3);
    assertThat(set.train().shape().input()).containsExactly(1, 1, 2);
    assertThat(set.train().shape().outputs()).isEqualTo(5);
    assertThat(Copies.input(set.train(), 1)).containsExactly(-1f, 1f);
    assertThat(Copies.targets(set.train(), 1)).containsExactly(4);
    assertThat(Copies.input(set.test(), 0)).containsExactly(1f, 1f);
    assertThat(set.description()).contains("3 + 2 grey images 2×1, 5 classes, IDX");
  }

  @Test
  void copiesABatchInTheOrderOfItsRows() {
    DataSet set = open();
    float[] inputs = new float[6];
    long[] targets = new long[3];
    set.train()
        .copy(
            new int[] {2, 0, 2, 9},
            3,
            MemorySegment.ofArray(inputs),
            MemorySegment.ofArray(targets));
    assertThat(inputs).containsExactly(-1, 1, -1, 1, -1, 1);
    assertThat(targets).containsExactly(2, 0, 2);
  }

  @Test
  void readsTheSameFromGzip() throws IOException {
    String before = open().fingerprint();
    for (Path file : Folder.list(folder).files()) {
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(Path.of(file + ".gz")))) {
        Files.copy(file, out);
      }
      Files.delete(file);
    }
    assertThat(open().fingerprint()).isEqualTo(before);
  }

  @Test
  void holdsOutATenthWhereThereIsNoTestSet() throws IOException {
    Files.delete(folder.resolve("t10k-images-idx3-ubyte"));
    Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
    DataSet set = open();
    assertThat(List.of(set.train().count(), set.test().count())).containsExactly(2, 1);
    assertThat(set.description()).contains("10 % held out");
  }

  @Test
  void aTruncatedFileIsNamedWithBothSizes() throws IOException {
    write(TRAIN_IMAGES, Arrays.copyOf(images(3, 1, 2, 0, 1, 2, 3, 4, 5), 20));
    assertError(TRAIN_IMAGES, "expected 22 bytes", "found 20", "truncated");
  }

  @Test
  void moreBytesThanTheHeaderSaysAreAnError() throws IOException {
    write(TRAIN_LABELS, Arrays.copyOf(labels(0, 4, 2), 13));
    assertError(TRAIN_LABELS, "expected 11 bytes", "found 13");
  }

  @Test
  void aTruncatedGzipFileIsNamed() throws IOException {
    Path plain = folder.resolve(TRAIN_IMAGES);
    Path gz = folder.resolve(TRAIN_IMAGES + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      out.write(Files.readAllBytes(plain));
    }
    Files.delete(plain);
    Files.write(gz, Arrays.copyOf(Files.readAllBytes(gz), 25));
    assertError(TRAIN_IMAGES + ".gz", "gzip data ends early", "truncated");
  }

  @Test
  void somethingElseNamedGzIsAnError() throws IOException {
    Files.move(folder.resolve(TRAIN_IMAGES), folder.resolve(TRAIN_IMAGES + ".gz"));
    assertError(TRAIN_IMAGES + ".gz", "expected gzip data");
  }

  @Test
  void aWrongMagicNumberIsShown() throws IOException {
    write(TRAIN_IMAGES, labels(1, 2, 3));
    assertError(TRAIN_IMAGES, "0x00000803", "found 0x00000801");
  }

  @Test
  void anImpossibleDimensionTakesNoMemory() throws IOException {
    write(TRAIN_IMAGES, images(1 << 28, 1 << 15, 1 << 15));
    assertError(TRAIN_IMAGES, "bytes by its header");
    write(TRAIN_IMAGES, images(-3, 28, 28));
    assertError(TRAIN_IMAGES, "number of images", "found -3");
  }

  @Test
  void anEmptyFileIsAnError() throws IOException {
    write(TRAIN_LABELS, new byte[0]);
    assertError(TRAIN_LABELS, "expected a header", "after 0 bytes");
  }

  @Test
  void labelsMustBeAsManyAsImages() throws IOException {
    write(TRAIN_LABELS, labels(1, 2));
    assertError(TRAIN_LABELS, "expected 3 labels", TRAIN_IMAGES, "found 2");
  }

  @Test
  void missingLabelsAreNamed() throws IOException {
    Files.delete(folder.resolve(TRAIN_LABELS));
    assertError(folder.toString(), "expected a file " + TRAIN_LABELS);
  }

  @Test
  void twoDataSetsInOneFolderAreAnError() throws IOException {
    write("emnist-letters-" + TRAIN_IMAGES, images(1, 1, 2, 0, 1));
    assertError("expected one file of training images", "emnist-letters-" + TRAIN_IMAGES);
  }

  @Test
  void testImagesOfAnotherSizeAreAnError() throws IOException {
    write("t10k-images-idx3-ubyte", images(2, 2, 1, 255, 255, 0, 0));
    assertError("expected images of 2×1 grey", "found 1×2 grey");
  }

  @Test
  void aTestLabelThatTrainingDoesNotKnowIsNamed() throws IOException {
    write("t10k-labels-idx1-ubyte", labels(0, 77));
    assertError("t10k-labels-idx1-ubyte: label 1", "offset 9", "found 77");
  }

  @Test
  void aTrainingLabelFarBeyondTheOthersIsNamed() throws IOException {
    write(TRAIN_LABELS, labels(1, 250, 0));
    assertError(TRAIN_LABELS + ": label 1", "offset 9", "found 250", "next lower label is 1");
  }

  @Test
  void someClassesMayBeMissing() throws IOException {
    write(TRAIN_LABELS, labels(0, 9, 9));
    assertThat(open().train().shape().outputs()).isEqualTo(10);
  }

  private void assertError(String... parts) {
    assertThatThrownBy(this::open)
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }
}
