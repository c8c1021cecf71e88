package io.dlion.tidy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The project's own Java files. */
final class Sources {
  private Sources() {}

  /** Those that are not tests, whose tables of cases may be as long as they need. */
  static List<Path> product() throws IOException {
    return all().stream().filter(f -> f.toString().contains("/src/main/")).toList();
  }

  static List<Path> all() throws IOException {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("dlion.root"), "dlion.root"));
    try (var files = Files.walk(root)) {
      return files
          .filter(f -> f.toString().endsWith(".java") && !f.toString().contains("/target/"))
          .sorted()
          .toList();
    }
  }
}
