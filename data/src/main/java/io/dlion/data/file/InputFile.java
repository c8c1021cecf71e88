package io.dlion.data.file;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A binary file, plain or gzip, read from front to back, whose errors name it and the place.
 * Confined to one thread.
 */
public final class InputFile implements AutoCloseable {
  /** Deflate cannot do better than this, so a header that promises more is wrong. */
  private static final int GZIP_RATIO_MAX = 1032;

  private final Path path;
  private final boolean gzip;
  private final long fileBytes;
  private final InputStream in;
  private long position;

  private InputFile(Path path, boolean gzip, long fileBytes, InputStream in) {
    this.path = path;
    this.gzip = gzip;
    this.fileBytes = fileBytes;
    this.in = in;
  }

  /** Opens a file, which may be compressed. */
  public static InputFile open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new UserError(path + ": no such file");
    }
    boolean gzip = path.toString().endsWith(".gz");
    try {
      long bytes = Files.size(path);
      InputStream raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
      return new InputFile(path, gzip, bytes, gzip ? gunzip(path, bytes, raw) : raw);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream gunzip(Path path, long bytes, InputStream raw) throws IOException {
    try {
      return new GZIPInputStream(raw, 1 << 16);
    } catch (EOFException | ZipException e) {
      raw.close();
      throw new UserError(
          Phrase.of(
              "%s: expected gzip data, found %,d bytes that do not begin like it; fetch the file again",
              path, bytes),
          e);
    }
  }

  /**
   * Fails unless a file of this size can hold {@code expectedBytes} in all: exactly for a plain
   * file; for gzip, in principle.
   */
  public void requireLength(long expectedBytes) {
    boolean impossible =
        gzip ? expectedBytes / GZIP_RATIO_MAX > fileBytes : expectedBytes != fileBytes;
    if (impossible) {
      throw wrongLength(expectedBytes, fileBytes + (gzip ? " of gzip" : ""));
    }
  }

  /** A big-endian 32-bit number. */
  public int readInt() {
    byte[] four = new byte[4];
    if (read(four, 0, 4) < 4) {
      throw new UserError(
          Phrase.of(
              "%s: expected a header, found the end of the file after %,d bytes; the file is truncated",
              path, position));
    }
    return ByteBuffer.wrap(four).getInt();
  }

  /**
   * Fills a range of an array.
   *
   * @param expectedBytes of the whole file, for the error where it ends early
   */
  public void readFully(byte[] into, int offset, int length, long expectedBytes) {
    if (read(into, offset, length) < length) {
      throw wrongLength(expectedBytes, Long.toString(position));
    }
  }

  /** Fails where there is more than was expected. */
  public void requireEnd() {
    long expected = position;
    if (read(new byte[1], 0, 1) > 0) {
      throw wrongLength(expected, "more");
    }
  }

  private int read(byte[] into, int offset, int length) {
    try {
      int n = in.readNBytes(into, offset, length);
      position += n;
      return n;
    } catch (EOFException e) {
      throw new UserError(
          Phrase.of(
              "%s: the gzip data ends early, somewhere after %,d bytes of content; the file is truncated, fetch it again",
              path, position),
          e);
    } catch (ZipException e) {
      throw new UserError(
          Phrase.of(
              "%s: the gzip data is damaged (%s) somewhere after %,d bytes of content; fetch it again",
              path, e.getMessage(), position),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private UserError wrongLength(long expected, String found) {
    return new UserError(
        Phrase.of(
            "%s: expected %d bytes by its header, found %s; the file is truncated or of another kind",
            path, expected, found));
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
