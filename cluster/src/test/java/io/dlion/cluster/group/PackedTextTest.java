package io.dlion.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.wire.MalformedMessageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedTextTest {
  private static byte[] packed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PackedText.write(new DataOutputStream(bytes), text);
    return bytes.toByteArray();
  }

  private static String read(byte[] bytes) throws IOException, MalformedMessageException {
    return PackedText.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 100_000, 10_000_000})
  void textsSurviveTheWire(int length) throws Exception {
    String text = "ä€ columns ".repeat(length / 10 + 1).substring(0, length);
    assertThat(read(packed(text))).isEqualTo(text);
  }

  @Test
  void tooLongATextIsRefusedBeforeItIsSent() {
    StringBuilder noise = new StringBuilder();
    SplittableRandom random = new SplittableRandom(1);
    while (noise.length() < 2 * PackedText.PACKED_BYTES_MAX) {
      noise.append(Long.toString(random.nextLong(), 36));
    }
    assertThatThrownBy(() -> PackedText.requireShort(noise.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("use fewer columns");
  }

  @Test
  void aShortMessageCannotClaimALongText() throws IOException {
    byte[] bytes = packed("a".repeat(1000));
    for (int claimed : new int[] {-1, 999, 1001, 1 << 23, Integer.MAX_VALUE}) {
      byte[] damaged = bytes.clone();
      java.nio.ByteBuffer.wrap(damaged).putInt(claimed);
      assertThatThrownBy(() -> read(damaged)).isInstanceOf(MalformedMessageException.class);
    }
  }
}
