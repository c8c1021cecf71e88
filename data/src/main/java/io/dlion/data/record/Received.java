package io.dlion.data.record;

import io.dlion.core.Phrase;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a record, checked before anything is made of them. */
final class Received {
  private static final int BYTE_ORDER_MARK = 0xefbbbf;

  private Received() {}

  /** Fails where there are none, or more than a record may have. */
  static byte[] checked(byte[] record) throws UnfitRecordException {
    if (record.length == 0) {
      throw new UnfitRecordException("empty", "the record is empty");
    }
    if (record.length > RecordEncoder.RECORD_BYTES_MAX) {
      throw UnfitRecordException.expected(
          "large",
          Phrase.of("a record of at most %,d bytes", RecordEncoder.RECORD_BYTES_MAX),
          Phrase.of("%,d", record.length));
    }
    return record;
  }

  /** Its characters. */
  static String text(byte[] record) throws UnfitRecordException {
    checked(record);
    ByteBuffer bytes = ByteBuffer.wrap(record);
    if (record.length > 3 && bytes.getInt(0) >>> 8 == BYTE_ORDER_MARK) {
      bytes.position(3);
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (text.isBlank()) {
        throw new UnfitRecordException("empty", "the record holds nothing but blanks");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new UnfitRecordException(
          "encoding",
          Phrase.of("expected text in UTF-8, found other bytes at offset %,d", bytes.position()),
          e);
    }
  }
}
