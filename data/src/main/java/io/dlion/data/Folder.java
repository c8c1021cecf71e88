package io.dlion.data;

import io.dlion.core.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What lies directly in a folder, hidden entries left out, sorted by name so that every machine
 * sees the same order.
 */
record Folder(Path path, List<Path> files, List<Path> folders) {
  static Folder list(Path path) {
    if (!Files.isDirectory(path)) {
      throw new UserError(path + ": no such folder");
    }
    return new Folder(path, entries(path, Files::isRegularFile), entries(path, Files::isDirectory));
  }

  private static List<Path> entries(Path path, Predicate<Path> wanted) {
    try (var entries = Files.list(path)) {
      return entries
          .filter(wanted)
          .filter(e -> !name(e).startsWith("."))
          .sorted((a, b) -> name(a).compareTo(name(b)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last part of a path. */
  static String name(Path path) {
    Path last = path.getFileName();
    return last == null ? path.toString() : last.toString();
  }

  /** Whether a file's name ends in a dot and one of these, upper and lower case alike. */
  static boolean hasExtension(Path file, List<String> extensions) {
    String name = name(file).toLowerCase(Locale.ROOT);
    return extensions.stream().anyMatch(e -> name.endsWith("." + e));
  }
}
