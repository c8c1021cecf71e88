package io.dlion.engine;

import io.dlion.engine.ModuleTensors.Named;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.JitModule;

/**
 * Writes TorchScript files, complete or not at all.
 *
 * <p>When libtorch cannot write on, its writer throws from a destructor, which ends the whole
 * process. So Java first fills a file of the size to come with zeros: a full disk or a missing
 * permission becomes an {@link IOException} here, and libtorch then writes where there was room a
 * moment ago.
 */
final class TorchScriptExport {
  /** Source, constants and the archive's directory, beyond the tensors. */
  private static final long ROOM_BESIDES_TENSORS_BYTES = 4L << 20;

  private static final int BLOCK_BYTES = 1 << 20;

  private TorchScriptExport() {}

  /** Writes a copy of a module in evaluation mode. */
  static void write(JitModule module, Path file) throws IOException {
    Path target = file.toAbsolutePath();
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    try (PointerScope _ = new PointerScope()) {
      JitModule copy = Copies.of(module);
      copy.eval();
      reserve(partial, tensorBytes(copy) + ROOM_BESIDES_TENSORS_BYTES);
      save(copy, partial);
      force(partial);
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static long tensorBytes(JitModule module) {
    return ModuleTensors.all(module).stream().map(Named::tensor).mapToLong(t -> t.nbytes()).sum();
  }

  private static void reserve(Path file, long bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(BLOCK_BYTES);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (channel.position() < bytes) {
        channel.write(zeros.clear());
      }
      channel.force(false);
    } catch (FileSystemException e) {
      throw e; // names the file
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** What a rename puts in place is on the disk before, so that a crash leaves no half of it. */
  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void save(JitModule module, Path file) throws IOException {
    try {
      module.save(file.toString());
    } catch (RuntimeException e) {
      throw new IOException(file + ": cannot be written: " + Messages.firstLine(e), e);
    }
  }
}
