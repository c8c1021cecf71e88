package io.dlion.monitor.run;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says in one line what could not be done to which file, and why. */
public final class DiskFailure {
  private DiskFailure() {}

  /** {@code cannot VERB FILE: REASON}, for example "No space left on device". */
  public static IOException cannot(String verb, Path file, IOException cause) {
    return new IOException("cannot " + verb + " " + file + ": " + reason(cause), cause);
  }

  /** Why it failed, without the name of the file. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "No such file or folder";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
