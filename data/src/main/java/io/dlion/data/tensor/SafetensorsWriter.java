package io.dlion.data.tensor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes safetensors files atomically. */
final class SafetensorsWriter {
  private static final int PIECE_BYTES = 1 << 20;

  private SafetensorsWriter() {}

  static void write(Path file, List<NamedTensor> unordered, Map<String, String> metadata)
      throws IOException {
    // The widest elements first, so that each lies at a multiple of its size.
    List<NamedTensor> tensors =
        unordered.stream().sorted(Comparator.comparingInt(t -> -t.type().bytes())).toList();
    byte[] header = header(tensors, metadata);
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        writeFully(channel, start.putLong(header.length).put(header).flip());
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        for (NamedTensor tensor : tensors) {
          write(channel, tensor.values(), piece);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      removeAfter(e, temporary);
      throw new IOException(file + " could not be written: " + reason(e), e);
    } catch (RuntimeException e) {
      removeAfter(e, temporary);
      throw e;
    }
    forceFolder(file);
  }

  /** A full disk's message names no file, a missing folder's nothing else. */
  private static String reason(IOException e) {
    if (e instanceof FileSystemException other) {
      return other.getReason() == null ? e.getClass().getSimpleName() : other.getReason();
    }
    return String.valueOf(e.getMessage());
  }

  private static void removeAfter(Exception failure, Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Makes the rename itself last. Some systems cannot open a folder; there the rename is only as
   * lasting as the system makes it.
   */
  private static void forceFolder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // The file itself is complete and in place, so this is no failure of the write.
    }
  }

  /** The JSON header, padded with blanks so that the tensors begin at a multiple of 8 bytes. */
  private static byte[] header(List<NamedTensor> tensors, Map<String, String> metadata)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = json.createObjectNode();
    if (!metadata.isEmpty()) {
      root.set(
          "__metadata__", json.valueToTree(new TreeMap<>(metadata))); // same content, same bytes
    }
    Set<String> names = new HashSet<>(Set.of("__metadata__"));
    long next = 0;
    for (NamedTensor t : tensors) {
      if (!names.add(t.name())) {
        throw new IllegalArgumentException("tensor name " + t.name() + " twice or reserved");
      }
      ObjectNode entry = root.putObject(t.name());
      entry.put("dtype", t.type().name());
      entry.set("shape", json.valueToTree(t.shape()));
      entry.putArray("data_offsets").add(next).add(next + t.values().byteSize());
      next += t.values().byteSize();
    }
    byte[] text = json.writeValueAsBytes(root);
    byte[] padded = new byte[(text.length + 7) / 8 * 8];
    Arrays.fill(padded, (byte) ' ');
    System.arraycopy(text, 0, padded, 0, text.length);
    return padded;
  }

  /** By way of one small buffer: not every segment (one over a float array) can be a buffer. */
  private static void write(FileChannel channel, MemorySegment values, ByteBuffer piece)
      throws IOException {
    MemorySegment buffer = MemorySegment.ofBuffer(piece.clear());
    for (long at = 0; at < values.byteSize(); at += PIECE_BYTES) {
      int bytes = (int) Math.min(PIECE_BYTES, values.byteSize() - at);
      MemorySegment.copy(values, at, buffer, 0, bytes);
      writeFully(channel, piece.clear().limit(bytes));
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
