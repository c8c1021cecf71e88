package io.dlion.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Each message, and each line of a file, is an example; what begins with "bad" is none. */
final class TextDecoder implements RecordDecoder {
  @Override
  public List<MemorySegment> message(byte[] value) throws RejectedRecordException {
    String text = new String(value, UTF_8);
    if (text.startsWith("bad")) {
      throw new RejectedRecordException("unknown label '" + text + "'", "label:" + text);
    }
    return List.of(MemorySegment.ofArray(value));
  }

  @Override
  public ExampleFile file(Path root, Path file) throws RejectedRecordException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (lines.contains("broken")) {
      throw new RejectedRecordException("broken file");
    }
    return new ExampleFile() {
      @Override
      public int count() {
        return lines.contains("huge") ? 1 << 20 : lines.size();
      }

      @Override
      public MemorySegment example(int row) throws RejectedRecordException {
        return message(lines.get(row).getBytes(UTF_8)).getFirst();
      }
    };
  }
}
