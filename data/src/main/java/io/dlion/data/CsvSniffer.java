package io.dlion.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells tables from other texts by their first lines, and finds the delimiter. */
final class CsvSniffer {
  private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');
  private static final int BYTES = 1 << 16;
  private static final int LINES = 20;

  private CsvSniffer() {}

  /** The delimiter of which at least four lines in five have the same number, not zero. */
  static Optional<Character> regular(Path file) {
    List<String> lines = firstLines(file);
    return DELIMITERS.stream().filter(d -> isRegular(lines, d)).findFirst();
  }

  /** The delimiter that is there most often, for a file known to be a table. */
  static Optional<Character> likely(Path file) {
    List<String> lines = firstLines(file);
    return regular(file)
        .or(() ->
            DELIMITERS.stream()
                .filter(d -> total(lines, d) > 0)
                .max((a, b) -> Integer.compare(total(lines, a), total(lines, b))));
  }

  private static boolean isRegular(List<String> lines, char delimiter) {
    Map<Integer, Integer> linesByCount = new HashMap<>();
    lines.forEach(line -> linesByCount.merge(count(line, delimiter), 1, Integer::sum));
    return lines.size() > 1
        && linesByCount.entrySet().stream()
            .anyMatch(e -> e.getKey() > 0 && 5 * e.getValue() >= 4 * lines.size());
  }

  private static int total(List<String> lines, char delimiter) {
    return lines.stream().mapToInt(line -> count(line, delimiter)).sum();
  }

  /** How many of the delimiter stand outside quotes. */
  private static int count(String line, char delimiter) {
    int count = 0;
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      quoted ^= c == '"';
      count += c == delimiter && !quoted ? 1 : 0;
    }
    return count;
  }

  private static List<String> firstLines(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(BYTES), StandardCharsets.ISO_8859_1);
      int whole = text.length() < BYTES ? text.length() : text.lastIndexOf('\n') + 1;
      return text.substring(0, whole).lines().filter(l -> !l.isBlank()).limit(LINES).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
