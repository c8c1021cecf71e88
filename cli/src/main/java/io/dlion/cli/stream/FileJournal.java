package io.dlion.cli.stream;

import io.dlion.cluster.worker.StreamJournal;
import io.dlion.core.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A journal as a file of lines: the number of a message, and the counters of the stream at that
 * time. A line that a crash cut short is left out. Each line reaches the system before the message
 * leaves, so that it survives the process, though not the machine. Confined to one thread.
 */
final class FileJournal implements StreamJournal {
  private static final String END = "\u00b6";

  private final Path file;
  private final List<Mark> marks = new ArrayList<>();
  private int savedAt;
  private @Nullable BufferedWriter writer;

  private record Mark(long number, Map<String, String> counters) {
    String line() {
      StringBuilder line = new StringBuilder().append(number);
      counters.forEach((key, value) -> line.append('\t').append(key).append('=').append(value));
      return line.append('\t').append(END).toString();
    }

    static Mark parse(String line) {
      String[] parts = line.split("\t", -1);
      Map<String, String> counters = new TreeMap<>();
      for (int i = 1; i < parts.length - 1; i++) {
        int equals = parts[i].indexOf('=');
        counters.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
      }
      return new Mark(Long.parseLong(parts[0]), counters);
    }
  }

  /** A journal in a file that may be there already. */
  FileJournal(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.endsWith("\t" + END)) {
          marks.add(parsed(line));
        }
      }
    }
  }

  private Mark parsed(String line) {
    try {
      return Mark.parse(line);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new UserError(file + ": damaged: '" + line + "'; move it away to go on without it", e);
    }
  }

  @Override
  public void mark(long number, Map<String, String> counters) throws IOException {
    Mark mark = new Mark(number, new TreeMap<>(counters));
    marks.add(mark);
    BufferedWriter open = writer;
    if (open == null) {
      rewrite();
      return;
    }
    open.write(mark.line());
    open.write('\n');
    open.flush();
  }

  @Override
  public Optional<Map<String, String>> find(long number) throws IOException {
    for (int i = marks.size() - 1; i >= 0; i--) {
      if (marks.get(i).number() <= number) {
        marks.subList(i + 1, marks.size()).clear();
        savedAt = Math.min(savedAt, marks.size());
        rewrite();
        return Optional.of(marks.get(i).counters());
      }
    }
    return Optional.empty();
  }

  @Override
  public void saved() throws IOException {
    marks.subList(0, savedAt).clear();
    savedAt = marks.size();
    rewrite();
  }

  @Override
  public void clear() throws IOException {
    marks.clear();
    savedAt = 0;
    rewrite();
  }

  private void rewrite() throws IOException {
    if (writer != null) {
      writer.close();
      writer = null;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path next = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(next, marks.stream().map(Mark::line).toList());
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
  }
}
