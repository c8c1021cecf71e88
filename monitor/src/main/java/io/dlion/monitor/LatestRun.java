package io.dlion.monitor;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code OUT/latest}: a relative symbolic link to the newest run, or, on file systems without
 * links, a text file with its name.
 */
final class LatestRun {
  private static final String NAME = "latest";
  private static final int NAMED_RUNS_MAX = 3;
  private static final long POINTER_BYTES_MAX = 1024;

  private LatestRun() {}

  /** Points {@code latest} at a run, atomically. */
  static void point(Path out, String run) throws IOException {
    // The temporary name is the run's own: two runs that start at once do not disturb each other.
    Path temporary = out.resolve("." + NAME + "-" + run + ".tmp");
    try {
      Files.createSymbolicLink(temporary, Path.of(run));
    } catch (IOException | UnsupportedOperationException e) {
      pointByText(out, run);
      return;
    }
    try {
      Files.move(temporary, out.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw DiskFailure.cannot("write", out.resolve(NAME), e);
    }
  }

  /** The way without links. */
  static void pointByText(Path out, String run) throws IOException {
    AtomicFile.write(out.resolve(NAME), run + "\n");
  }

  /** The run folder a path means: where {@code latest} points, else the path itself. */
  static Path follow(Path path) {
    try {
      if (Files.isSymbolicLink(path)) {
        return path.resolveSibling(Files.readSymbolicLink(path));
      }
      boolean pointer =
          path.endsWith(NAME) && Files.isRegularFile(path) && Files.size(path) <= POINTER_BYTES_MAX;
      if (!pointer) {
        return path;
      }
      String name = Files.readString(path).strip();
      if (!name.equals(RunFolder.sanitised(name))) {
        throw new UserError(path + ": expected the name of a run, found '" + name + "'");
      }
      return path.resolveSibling(name);
    } catch (IOException e) {
      throw new UserError("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /** "; newest runs: …", as a hint in errors. */
  static String newestBeside(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path parent = path.getParent() == null ? Path.of("") : path.getParent();
    List<Path> found = newestIn(path);
    if (found.isEmpty() && absolute.getParent() != null) {
      found = newestIn(parent);
    }
    if (found.isEmpty()) {
      return "; there are no runs beside it (dlion train makes one)";
    }
    return found.stream().map(Path::toString).collect(Collectors.joining(", ", "; newest: ", ""));
  }

  private static List<Path> newestIn(Path out) {
    try (Stream<Path> entries = Files.list(out)) {
      return entries
          .filter(p -> !Files.isSymbolicLink(p) && RunFolder.isRun(p))
          .sorted(Comparator.comparing((Path p) -> p.getFileName().toString()).reversed())
          .limit(NAMED_RUNS_MAX)
          .toList();
    } catch (IOException e) {
      return List.of(); // A hint only; the error itself is told without it.
    }
  }
}
