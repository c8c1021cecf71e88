package io.dlion.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordHashTest {
  /** What {@code xxhash.xxh64_hexdigest} of Python says. */
  @Test
  void isXxh64() {
    assertThat(RecordHash.of(new byte[0])).isEqualTo(0xEF46DB3751D8E999L);
    assertThat(RecordHash.of("abc".getBytes(US_ASCII))).isEqualTo(0x44BC2CF5AD770999L);
    assertThat(RecordHash.of("Nobody inspects the spammish repetition".getBytes(US_ASCII)))
        .isEqualTo(0xFBCEA83C8A378BF1L);
  }

  @Test
  void aFileHasTheHashOfItsBytes(@TempDir Path folder) throws Exception {
    for (int length : new int[] {0, 1, 31, 32, 1 << 16, (1 << 16) + 45, 200_000}) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (i * 31 + (i >> 8));
      }
      Path file = Files.write(folder.resolve("f"), bytes);
      assertThat(RecordHash.of(file)).as("%d bytes", length).isEqualTo(RecordHash.of(bytes));
    }
  }
}
