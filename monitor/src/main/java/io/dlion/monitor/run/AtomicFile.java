package io.dlion.monitor.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces files whole: whoever opens the file, at any moment, after a crash too, finds all of the
 * old content or all of the new. Bytes go to {@code .NAME.tmp} beside the file, to the disk, and
 * only then to their name; the temporary file is removed if anything fails, and overwritten by the
 * next attempt if the process was killed. One writer per file at a time.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the content of a file, for content that should not be in memory at once. */
  @FunctionalInterface
  public interface Body {
    /** Writes everything to the channel, which the caller closes. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /** Replaces the file's content. See {@link #write(Path, Body)}. */
  public static void write(Path file, String content) throws IOException {
    write(file, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Replaces the file's content. See {@link #write(Path, Body)}. */
  public static void write(Path file, byte[] content) throws IOException {
    write(
        file,
        channel -> {
          ByteBuffer rest = ByteBuffer.wrap(content);
          while (rest.hasRemaining()) {
            channel.write(rest);
          }
        });
  }

  /**
   * Replaces the file's content.
   *
   * @throws IOException {@code cannot write FILE: REASON}; the old content is still there then
   */
  public static void write(Path file, Body body) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        body.writeTo(channel);
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      remove(temporary, e);
      throw DiskFailure.cannot("write", file, e);
    } catch (RuntimeException | Error e) {
      remove(temporary, e);
      throw e;
    }
    syncFolder(file.toAbsolutePath().getParent());
  }

  private static void remove(Path temporary, Throwable cause) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Makes the rename itself durable; some systems cannot open a folder, and need not. */
  private static void syncFolder(@org.jspecify.annotations.Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException ignored) {
      // The content is in place; only its survival of a power cut is left to the system.
    }
  }
}
