package io.dlion.data.record;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Files that appear and may vanish again. */
final class FileBytes {
  private FileBytes() {}

  /** The length of a file, if it is no longer than it may be. */
  static long length(Path file, long maximum) throws UnfitRecordException {
    try {
      long length = Files.size(file);
      if (length == 0) {
        throw new UnfitRecordException("empty", file + ": the file is empty");
      }
      if (length > maximum) {
        throw new UnfitRecordException(
            "large", Phrase.of("%s: expected at most %,d bytes, found %,d", file, maximum, length));
      }
      return length;
    } catch (NoSuchFileException e) {
      throw vanished(file, e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The content of a file, if it is no longer than it may be. */
  static byte[] read(Path file, long maximum) throws UnfitRecordException {
    length(file, maximum);
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw vanished(file, e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Calls a reader whose errors name the file. */
  static <T> T reading(Path file, Supplier<T> reader) throws UnfitRecordException {
    try {
      return reader.get();
    } catch (UserError e) {
      throw Files.exists(file)
          ? new UnfitRecordException("file", String.valueOf(e.getMessage()), e)
          : vanished(file, e);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof NoSuchFileException) {
        throw vanished(file, e);
      }
      throw unreadable(file, e);
    }
  }

  private static UnfitRecordException unreadable(Path file, Exception cause) {
    return new UnfitRecordException(
        "unreadable", file + ": cannot be read: " + cause.getMessage(), cause);
  }

  private static UnfitRecordException vanished(Path file, Exception cause) {
    return new UnfitRecordException(
        UnfitRecordException.VANISHED, file + ": the file is there no longer", cause);
  }
}
