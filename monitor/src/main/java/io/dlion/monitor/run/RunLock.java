package io.dlion.monitor.run;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Held by the process that trains in a run folder, so that no second process writes there. The
 * operating system releases it when the process ends, however it ends. The file itself stays, with
 * the number of the last process.
 */
public final class RunLock implements AutoCloseable {
  private static final String NAME = ".lock";

  private final @Nullable FileChannel channel;

  private RunLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock of a run folder, if there is one. See the other. */
  public static RunLock take(Optional<RunFolder> folder, Consumer<String> warn) {
    return folder.isPresent() ? take(folder.get(), warn) : new RunLock(null);
  }

  /**
   * Takes the lock of a run folder.
   *
   * @param warn is told where the file system has no locks; the run goes on without one
   * @throws UserError naming the process that trains there
   */
  public static RunLock take(RunFolder folder, Consumer<String> warn) {
    Path file = folder.path().resolve(NAME);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() != null) {
          channel.truncate(0);
          channel.write(
              ByteBuffer.wrap(
                  Long.toString(ProcessHandle.current().pid())
                      .getBytes(StandardCharsets.US_ASCII)));
          return new RunLock(channel);
        }
      } catch (OverlappingFileLockException e) {
        // This very process holds it.
      } catch (IOException e) {
        channel.close();
        throw e;
      }
      channel.close();
    } catch (IOException e) {
      warn.accept(
          "warning: cannot lock "
              + file
              + " ("
              + DiskFailure.reason(e)
              + "): nothing keeps a second process from training in this folder");
      return new RunLock(null);
    }
    throw new UserError(
        folder.path()
            + ": process "
            + holder(file)
            + " is training in this folder: wait until it ends, or stop it first");
  }

  /**
   * Whether a process trains in a run folder now; false where that cannot be known. Changes nothing
   * in the folder, and needs no right to write there.
   */
  public static boolean isHeld(RunFolder folder) {
    Path file = folder.path().resolve(NAME);
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true; // this very process holds it
    } catch (IOException e) {
      return false; // a file system without locks
    }
  }

  private static String holder(Path file) {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return "(unknown)";
    }
  }

  /** Releases the lock. */
  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
