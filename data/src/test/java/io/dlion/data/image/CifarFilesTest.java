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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarFilesTest {
  @TempDir Path folder;

  @BeforeEach
  void fiveBatchesOfTwoRecordsAndATestBatch() throws IOException {
    for (int i = 1; i <= 5; i++) {
      Files.write(folder.resolve("data_batch_" + i + ".bin"), batch(i, 9));
    }
    Files.write(folder.resolve("test_batch.bin"), batch(0, 3));
  }

  /** Records whose red is all 0, green all 255; blue 255 in the first half, else 0. */
  private static byte[] batch(int... labels) {
    byte[] bytes = new byte[3073 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[3073 * i] = (byte) labels[i];
      Arrays.fill(bytes, 3073 * i + 1 + 1024, 3073 * i + 1 + 2048 + 512, (byte) 255);
    }
    return bytes;
  }

  private DataSet open() {
    return DataSets.open(folder.toString(), DataOptions.defaults());
  }

  @Test
  void turnsPlanesIntoChannelsLast() {
    DataSet set = open();
    assertThat(set.train().count()).isEqualTo(10);
    assertThat(set.train().shape().input()).containsExactly(3, 32, 32);
    assertThat(set.train().label(2)).isEqualTo(2);
    assertThat(set.classNames()).hasSize(10).contains("frog");
    float[] pixels = Copies.input(set.train(), 0);
    assertThat(Arrays.copyOf(pixels, 3)).containsExactly(0, 0, 1);
    assertThat(Arrays.copyOfRange(pixels, 3 * 1023, 3 * 1024)).containsExactly(0, 0, -1);
  }

  @Test
  void findsTheBatchesInTheFolderTheArchiveMakes() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("cifar-10-batches-bin"));
    for (Path file : Folder.list(folder).files()) {
      Files.move(file, inner.resolve(file.getFileName()));
    }
    assertThat(open().description()).contains("CIFAR-10 binary");
  }

  @Test
  void aTruncatedBatchIsNamedWithItsSize() throws IOException {
    Files.write(folder.resolve("data_batch_3.bin"), Arrays.copyOf(batch(1, 2), 5000));
    assertError("data_batch_3.bin", "records of 3073 bytes", "found 5000 bytes", "truncated");
  }

  @Test
  void anEmptyBatchIsAnError() throws IOException {
    Files.write(folder.resolve("test_batch.bin"), new byte[0]);
    assertError("test_batch.bin", "found 0 bytes");
  }

  @Test
  void aMissingBatchIsNamed() throws IOException {
    Files.delete(folder.resolve("data_batch_4.bin"));
    assertError("data_batch_4.bin is missing");
  }

  @Test
  void aMissingTestBatchIsNamedAndNotMadeUpForInSilence() throws IOException {
    Files.delete(folder.resolve("test_batch.bin"));
    assertError("test_batch.bin is missing");
  }

  @Test
  void aLabelOutOfRangeIsNamedWithItsRecord() throws IOException {
    Files.write(folder.resolve("data_batch_2.bin"), batch(1, 10));
    assertError("data_batch_2.bin: record 1", "offset 3073", "from 0 to 9, found 10");
  }

  private void assertError(String... parts) {
    assertThatThrownBy(this::open)
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }
}
