package io.dlion.stream;

import io.dlion.core.Phrase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps records that were rejected: the raw value or a copy of the file, and a line in {@code
 * reasons.jsonl} with time, partition, offset, reason and the name of the copy. Once there are
 * 1,000 copies or 100 MB, nothing more is kept. Confined to one thread.
 */
final class RejectedFolder {
  static final int FILES_MAX = 1000;
  static final long BYTES_MAX = 100_000_000;

  /** A file can have many rows that are rejected, and is copied once. */
  static final int LINES_MAX = 10_000;

  private static final String REASONS = "reasons.jsonl";
  private static final int NAME_LENGTH_MAX = 80;

  private final Path folder;
  private int files;
  private long bytes;
  private long lines;

  /** A folder that need not exist; what lies in it counts. */
  RejectedFolder(Path folder) throws IOException {
    this.folder = folder;
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> kept = Files.list(folder)) {
      for (Path file : (Iterable<Path>) kept::iterator) {
        if (!file.endsWith(REASONS)) {
          files++;
          bytes += Files.size(file);
        }
      }
    }
    if (Files.exists(folder.resolve(REASONS))) {
      try (Stream<String> written = Files.lines(folder.resolve(REASONS))) {
        lines = written.count();
      }
    }
  }

  Path folder() {
    return folder;
  }

  /** Keeps a value; returns false where there is no room. */
  boolean keep(byte[] value, String partition, long offset, String reason) throws IOException {
    String name = offset < 0 || value.length == 0 ? "" : safe(partition) + "-" + offset;
    if (!name.isEmpty() && Files.exists(folder.resolve(name))) {
      return true; // rejected before a restart too
    }
    if (!fits(value.length)) {
      return false;
    }
    if (!name.isEmpty()) {
      add(name, value.length, copy -> Files.write(copy, value));
    }
    say(partition, offset, reason, name);
    return true;
  }

  /** Keeps a copy of a file; returns false where there is no room. */
  boolean keep(RawRecord.FileRecord record, long offset, String reason) throws IOException {
    String name =
        safe(record.partition()) + "-" + record.sequence() + "-" + safe(record.file().toString());
    if (Files.exists(record.file()) && !Files.exists(folder.resolve(name))) {
      long size = Files.size(record.file());
      if (!fits(size)) {
        return false;
      }
      add(name, size, copy -> Files.copy(record.file(), copy));
    } else if (!fits(0)) {
      return false;
    }
    say(record.partition(), offset, record.name() + ": " + reason, name);
    return true;
  }

  private boolean fits(long size) {
    return files < FILES_MAX && bytes + size <= BYTES_MAX && lines < LINES_MAX;
  }

  private interface Writing {
    void to(Path copy) throws IOException;
  }

  private void add(String name, long size, Writing writing) throws IOException {
    Files.createDirectories(folder);
    writing.to(folder.resolve(name));
    files++;
    bytes += size;
  }

  private void say(String partition, long offset, String reason, String name) throws IOException {
    Files.createDirectories(folder);
    String line =
        Phrase.of(
            "{\"time\":\"%s\",\"partition\":%s,\"offset\":%d,\"reason\":%s,\"kept\":%s}%n",
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            quoted(partition),
            offset,
            quoted(reason),
            quoted(name));
    Files.writeString(
        folder.resolve(REASONS), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    lines++;
  }

  /** The end of a name, as it can stand in any file system. */
  private static String safe(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]", "_");
    return plain.substring(Math.max(0, plain.length() - NAME_LENGTH_MAX));
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    Consumer<Character> append =
        c -> {
          if (c == '"' || c == '\\') {
            json.append('\\').append(c);
          } else if (c < ' ') {
            json.append(Phrase.of("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        };
    // What is no character in Unicode, such as half of a pair, becomes '?'.
    byte[] sound = text.getBytes(StandardCharsets.UTF_8);
    for (char c : new String(sound, StandardCharsets.UTF_8).toCharArray()) {
      append.accept(c);
    }
    return json.append('"').toString();
  }
}
