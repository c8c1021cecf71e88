package io.dlion.data.file;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * How characters are stored in a text file: UTF-8, unless it begins with the byte order mark of
 * UTF-16, as Excel's "Unicode text" does.
 *
 * @param charset of the file
 * @param markBytes length of the byte order mark; 0 where there is none
 */
public record Encoding(Charset charset, int markBytes) {
  private static final int HEAD_BYTES = 3;

  /** The first bytes that are no characters are looked for in so many. */
  private static final int SEARCHED_BYTES = 1 << 28;

  /** What the first bytes of a file say. */
  public static Encoding of(byte[] bytes) {
    String head = HexFormat.of().formatHex(bytes, 0, Math.min(HEAD_BYTES, bytes.length));
    if (head.startsWith("fffe")) {
      return new Encoding(StandardCharsets.UTF_16LE, 2);
    }
    if (head.startsWith("feff")) {
      return new Encoding(StandardCharsets.UTF_16BE, 2);
    }
    return new Encoding(StandardCharsets.UTF_8, head.equals("efbbbf") ? HEAD_BYTES : 0);
  }

  /** The name for people. */
  public String label() {
    return charset.equals(StandardCharsets.UTF_8) ? "UTF-8" : "UTF-16";
  }

  /**
   * Opens a text file; reading fails at bytes that are no characters.
   *
   * @throws IOException where it cannot be read
   */
  public static Reader open(Path file) throws IOException {
    return open(file, CodingErrorAction.REPORT);
  }

  /** The first characters of a file, as far as they are some. */
  public static String beginning(Path file, int characters) throws IOException {
    try (Reader reader = open(file, CodingErrorAction.REPLACE)) {
      char[] text = new char[characters];
      int length = 0;
      int read;
      while (length < characters && (read = reader.read(text, length, characters - length)) >= 0) {
        length += read;
      }
      return new String(text, 0, length);
    }
  }

  private static Reader open(Path file, CodingErrorAction malformed) throws IOException {
    InputStream in = Files.newInputStream(file);
    try {
      Encoding encoding = of(head(file));
      in.skipNBytes(encoding.markBytes);
      return new BufferedReader(
          new InputStreamReader(
              in,
              encoding
                  .charset
                  .newDecoder()
                  .onMalformedInput(malformed)
                  .onUnmappableCharacter(malformed)),
          1 << 16);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(HEAD_BYTES);
    }
  }

  /** The error for a file with bytes that are no characters, with the line of the first. */
  public static UserError malformed(Path file, Exception cause) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(SEARCHED_BYTES);
      Encoding encoding = of(bytes);
      int at = encoding.firstMalformed(bytes);
      return new UserError(
          Phrase.of(
              "%s%s: expected text in %s, found bytes that are none%s; save it as UTF-8 (Excel: \"CSV UTF-8\"; elsewhere: iconv -f WINDOWS-1252 -t UTF-8 FILE)",
              file,
              at < 0 ? "" : ":" + line(bytes, at),
              encoding.label(),
              at < 0 ? "" : Phrase.of(", the first is 0x%02X", bytes[at])),
          cause);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The index of the first byte that belongs to no character; -1 where there is none. */
  private int firstMalformed(byte[] bytes) {
    CharsetDecoder decoder = charset.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes).position(markBytes);
    CharBuffer out = CharBuffer.allocate(1 << 16);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isOverflow()) {
      out.clear();
      result = decoder.decode(in, out, true);
    }
    return result.isError() ? in.position() : -1;
  }

  private static int line(byte[] bytes, int at) {
    int line = 1;
    for (int i = 0; i < at; i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }
}
