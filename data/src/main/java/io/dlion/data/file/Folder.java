package io.dlion.data.file;

import io.dlion.core.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What lies directly in a folder, sorted by name so that every machine sees the same order. Links
 * count as what they lead to. Left out are hidden entries and what operating systems and archives
 * add by themselves.
 */
public record Folder(Path path, List<Path> files, List<Path> folders) {
  private static final List<String> CLUTTER =
      List.of("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "icon\r");

  /** Lists a folder. */
  public static Folder list(Path path) {
    if (!Files.isDirectory(path)) {
      throw new UserError(path + ": no such folder");
    }
    return new Folder(path, entries(path, Files::isRegularFile), entries(path, Files::isDirectory));
  }

  /** The same without a file that is not data. */
  public Folder without(String file) {
    return new Folder(path, files.stream().filter(f -> !name(f).equals(file)).toList(), folders);
  }

  /** Links in a folder that lead nowhere. */
  public static List<Path> brokenLinks(Path path) {
    return entries(path, e -> Files.isSymbolicLink(e) && !Files.exists(e));
  }

  private static List<Path> entries(Path path, Predicate<Path> wanted) {
    try (var entries = Files.list(path)) {
      return entries
          .filter(wanted)
          .filter(e -> !isClutter(name(e)))
          .sorted(
              Comparator.comparing((Path e) -> ComposedNames.composed(name(e)))
                  .thenComparing(Folder::name))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isClutter(String name) {
    return name.startsWith(".") || CLUTTER.contains(name.toLowerCase(Locale.ROOT));
  }

  /** The last part of a path. */
  public static String name(Path path) {
    Path last = path.getFileName();
    return last == null ? path.toString() : last.toString();
  }

  /** Whether a file's name ends in a dot and one of these, upper and lower case alike. */
  public static boolean hasExtension(Path file, List<String> extensions) {
    String name = name(file).toLowerCase(Locale.ROOT);
    return extensions.stream().anyMatch(e -> name.endsWith("." + e));
  }

  /** What follows the last dot of a file's name, in lower case. */
  public static Optional<String> extension(Path file) {
    String name = name(file);
    int dot = name.lastIndexOf('.');
    return dot < 0 || dot == name.length() - 1
        ? Optional.empty()
        : Optional.of(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }
}
