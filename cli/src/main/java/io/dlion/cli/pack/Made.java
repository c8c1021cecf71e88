package io.dlion.cli.pack;

import io.dlion.core.Phrase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that was made.
 *
 * @param bytes its size
 * @param sha256 in hexadecimal digits
 */
record Made(Path file, long bytes, String sha256) {
  private static final double MEGABYTE = 1e6;

  /** What there is now to tell of a file. */
  static Made of(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      long bytes = in.transferTo(out);
      return new Made(file, bytes, HexFormat.of().formatHex(digest.digest()));
    }
  }

  @Override
  public String toString() {
    return Phrase.of("%s: %.0f MB, SHA-256 %s", file, bytes / MEGABYTE, sha256);
  }
}
