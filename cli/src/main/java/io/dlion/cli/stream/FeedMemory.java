package io.dlion.cli.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Memory for the records of a stream: in a file, where there is much of it. */
final class FeedMemory {
  /** More than this is mapped to a file, which the system keeps in memory as far as it has room. */
  private static final long IN_MEMORY_MAX = 256L << 20;

  private FeedMemory() {}

  /**
   * Allocates memory.
   *
   * @param folder for the file, if there is to be one; it is gone with the process
   */
  static MemorySegment allocate(long bytes, Path folder) {
    if (bytes <= IN_MEMORY_MAX) {
      return Arena.ofAuto().allocate(bytes, Long.BYTES);
    }
    try {
      Files.createDirectories(folder);
      Path file = Files.createTempFile(folder, "records", ".tmp");
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE)) {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": no place for the records of the stream", e);
    }
  }
}
