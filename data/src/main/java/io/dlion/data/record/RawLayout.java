package io.dlion.data.record;

import io.dlion.core.Phrase;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * How a record of bare numbers is laid out: little endian, without gaps, the label a number of the
 * same type.
 *
 * @param type of each number
 * @param label where it stands
 */
public record RawLayout(Type type, Label label) {
  /** Type of a number. */
  public enum Type {
    /** An unsigned byte. */
    UINT8(1),
    /** IEEE 754, 4 bytes. */
    FLOAT32(4);

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Its name in job files. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where the label stands. */
  public enum Label {
    /** Before the other numbers. */
    FIRST,
    /** Behind them. */
    LAST;

    /** Its name in job files. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Bytes of a record with so many numbers and a label. */
  long bytes(int values) {
    return (values + 1L) * type.bytes;
  }

  /**
   * Fails where a record has another length than one with so many numbers.
   *
   * @param of what they are, for people
   */
  void require(byte[] record, int values, String of) throws UnfitRecordException {
    if (record.length != bytes(values)) {
      throw UnfitRecordException.expected(
          "length",
          Phrase.of("%,d bytes: a label and %s as %s", bytes(values), of, type.key()),
          Phrase.of("%,d bytes", record.length));
    }
  }

  /** The label of a record that has the right length. */
  double label(byte[] record) {
    return at(record, label == Label.FIRST ? 0 : record.length - type.bytes);
  }

  /** One of the other numbers of such a record. */
  double value(byte[] record, int number) {
    return at(record, offset() + number * type.bytes);
  }

  /** Where the other numbers begin. */
  int offset() {
    return label == Label.FIRST ? type.bytes : 0;
  }

  private double at(byte[] record, int offset) {
    return switch (type) {
      case UINT8 -> record[offset] & 0xff;
      case FLOAT32 -> ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).getFloat(offset);
    };
  }
}
