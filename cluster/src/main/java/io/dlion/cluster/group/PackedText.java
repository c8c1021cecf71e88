package io.dlion.cluster.group;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.wire.MalformedMessageException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A long text in a hello: its lengths, compressed and not, and its compressed UTF-8. */
public final class PackedText {
  /** Compressed; about forty thousand columns of numbers. */
  static final int PACKED_BYTES_MAX = 1 << 20;

  private static final int BYTES_MAX = 1 << 24;

  /** No text can be compressed further. */
  private static final int RATIO_MAX = 1100;

  private PackedText() {}

  static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] packed = packed(bytes);
    out.writeInt(bytes.length);
    out.writeInt(packed.length);
    out.write(packed);
  }

  /**
   * Checks that a text can be written.
   *
   * @throws UserError where it is too long
   */
  public static String requireShort(String text) {
    packed(text.getBytes(StandardCharsets.UTF_8));
    return text;
  }

  private static byte[] packed(byte[] bytes) {
    byte[] packed = deflated(bytes);
    if (packed.length > PACKED_BYTES_MAX || bytes.length > BYTES_MAX) {
      throw new UserError(
          Phrase.of(
              "the columns and words of the data take %,d bytes to tell other workers of, expected at most %,d; use fewer columns, or shorter names",
              packed.length, PACKED_BYTES_MAX));
    }
    return packed;
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] part = new byte[8192];
      while (!deflater.finished()) {
        packed.write(part, 0, deflater.deflate(part));
      }
      return packed.toByteArray();
    } finally {
      deflater.end();
    }
  }

  static String read(DataInputStream in) throws IOException, MalformedMessageException {
    int length = in.readInt();
    int packedLength = in.readInt();
    boolean plausible =
        packedLength >= 0
            && packedLength <= PACKED_BYTES_MAX
            && length >= 0
            && length <= Math.min(BYTES_MAX, (long) RATIO_MAX * packedLength);
    if (!plausible) {
      throw new MalformedMessageException(
          Phrase.of("a text of %d bytes, %d compressed", length, packedLength));
    }
    byte[] packed = in.readNBytes(packedLength);
    byte[] bytes = new byte[length];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      int read = inflater.inflate(bytes);
      // A text of no bytes is finished only when one more is asked for.
      boolean whole = read == length && inflater.inflate(new byte[1]) == 0 && inflater.finished();
      if (!whole) {
        throw new MalformedMessageException("a text that is not of the length it says");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (DataFormatException e) {
      throw new MalformedMessageException("a text that cannot be read: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }
}
