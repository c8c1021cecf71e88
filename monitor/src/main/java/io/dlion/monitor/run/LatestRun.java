package io.dlion.monitor.run;

import io.dlion.core.Shell;
import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
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
  private static final Pattern RUN = Pattern.compile("\\d{8}-\\d{6}-.+");

  private LatestRun() {}

  /**
   * Points {@code latest} at a run, atomically.
   *
   * @return why that cannot be done; empty if it is done
   */
  static Optional<String> point(Path out, String run) {
    Path latest = out.resolve(NAME);
    if (Files.isDirectory(latest, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(unchanged(latest, "it is a folder, not a link"));
    }
    try {
      if (Files.isRegularFile(latest, LinkOption.NOFOLLOW_LINKS) && named(latest).isEmpty()) {
        return Optional.of(unchanged(latest, "it is a file that is not of this program"));
      }
      // The temporary name is the run's own: two runs that start at once do not disturb each other.
      link(latest, out.resolve("." + NAME + "-" + run + ".tmp"), run);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(unchanged(latest, DiskFailure.reason(e)));
    }
  }

  private static void link(Path latest, Path temporary, String run) throws IOException {
    try {
      Files.createSymbolicLink(temporary, Path.of(run));
    } catch (IOException | UnsupportedOperationException e) {
      pointByText(latest, run);
      return;
    }
    try {
      Files.move(temporary, latest, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  private static String unchanged(Path latest, String why) {
    return "warning: " + latest + " does not point to this run: " + why;
  }

  /** The way without links. */
  static void pointByText(Path latest, String run) throws IOException {
    AtomicFile.write(latest, run + "\n");
  }

  /** The run that a file names instead of a link; empty if it holds anything else. */
  private static Optional<String> named(Path file) throws IOException {
    if (Files.size(file) > POINTER_BYTES_MAX) {
      return Optional.empty();
    }
    String name = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    return RUN.matcher(name).matches() && name.equals(RunFolder.sanitised(name))
        ? Optional.of(name)
        : Optional.empty();
  }

  /** The run folder a path means: where {@code latest} points, else the path itself. */
  static Path follow(Path path) {
    try {
      if (Files.isSymbolicLink(path)) {
        return path.resolveSibling(Files.readSymbolicLink(path));
      }
      if (!path.endsWith(NAME) || !Files.isRegularFile(path)) {
        return path;
      }
      return path.resolveSibling(
          named(path)
              .orElseThrow(() ->
                  new UserError(
                      path + ": expected a link to a run or the name of one, found another file")));
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
      return "; there are no runs beside it (" + Shell.dlion("train") + " makes one)";
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
