package io.dlion.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final long LAYOUT = 77;

  private static byte[] message() {
    byte[] b = new byte[Frame.BYTES + 8];
    Bytes.putLong(b, Frame.BYTES, 3);
    Frame.seal(b, b.length, MessageType.WEIGHTS_REQUEST, LAYOUT);
    return b;
  }

  private static void assertRefused(byte[] b, int length, String why) {
    assertThatThrownBy(() -> Frame.open(new Payload(b, length), LAYOUT))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining(why);
  }

  @Test
  void theHeaderIsLaidOutAsDocumented() throws MalformedMessageException {
    byte[] b = message();
    assertThat(Arrays.copyOf(b, 16))
        .isEqualTo(new byte[] {0x10, (byte) 0xd1, 7, 4, 28, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0});
    CRC32C crc = new CRC32C();
    crc.update(b, 0, 16);
    crc.update(b, 20, 8);
    assertThat(Bytes.getInt(b, 16)).isEqualTo((int) crc.getValue());
    assertThat(Frame.open(new Payload(b, b.length), LAYOUT)).isEqualTo(MessageType.WEIGHTS_REQUEST);
  }

  @Test
  void itsTypeIsSeenWithoutOpeningIt() {
    byte[] b = message();
    assertThat(Frame.isOf(MessageType.WEIGHTS_REQUEST, new Payload(b, b.length))).isTrue();
    assertThat(Frame.isOf(MessageType.GRADIENT, new Payload(b, b.length))).isFalse();
    assertThat(Frame.isOf(MessageType.GRADIENT, new Payload(new byte[8], 8))).isFalse();
  }

  @Test
  void whateverIsWrongIsNamed() {
    byte[] b = message();
    assertRefused(new byte[0], 0, "at least 20");
    assertRefused(b, 19, "at least 20");
    assertRefused(b, 27, "says it has 28 bytes, but 27 arrived");
    assertRefused(Arrays.copyOf(b, 29), 29, "28");
    assertThatThrownBy(() -> Frame.open(new Payload(b, b.length), LAYOUT + 1))
        .hasMessageContaining("another model");
    byte[] mark = message();
    mark[0]++;
    assertRefused(mark, 28, "not a DLion message");
    byte[] version = message();
    version[2] = 1;
    assertRefused(version, 28, "version 1: this worker speaks version 7");
    for (byte type : new byte[] {-1, (byte) MessageType.values().length, 127}) {
      byte[] kind = message();
      kind[3] = type;
      assertRefused(kind, 28, "unknown kind");
    }
  }

  @Test
  void everyFlippedBitIsNoticed() {
    for (int bit = 0; bit < 28 * 8; bit++) {
      byte[] b = message();
      b[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> Frame.open(new Payload(b, b.length), LAYOUT))
          .as("bit %d", bit)
          .isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void aPayloadIsNotLongerThanItsArray() {
    assertThatThrownBy(() -> new Payload(new byte[3], 4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Payload(new byte[3], -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void variableLengthNumbersComeBack() throws MalformedMessageException {
    int[] numbers = {
      0, 1, 127, 128, 16383, 16384, 2097151, 2097152, 268435455, 268435456, Integer.MAX_VALUE
    };
    for (int number : numbers) {
      byte[] b = new byte[8];
      int end = Bytes.putVarint(b, 0, number);
      assertThat(end).isEqualTo(Bytes.varintSize(number));
      Cursor cursor = new Cursor(new Payload(b, end), 0);
      assertThat(cursor.varint("test")).isEqualTo(number);
      assertThat(cursor.at()).isEqualTo(end);
      Cursor cut = new Cursor(new Payload(b, end - 1), 0);
      assertThatThrownBy(() -> cut.varint("test")).isInstanceOf(MalformedMessageException.class);
    }
    byte[] tooLarge = {-1, -1, -1, -1, 0x08};
    assertThatThrownBy(() -> new Cursor(new Payload(tooLarge, 5), 0).varint("test"))
        .hasMessageContaining("too large");
  }
}
