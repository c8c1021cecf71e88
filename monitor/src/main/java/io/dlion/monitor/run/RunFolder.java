package io.dlion.monitor.run;

import io.dlion.core.Shell;
import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The folder one run leaves behind: {@code OUT/yyyyMMdd-HHmmss-NAME/}, in local time, with {@code
 * OUT/latest} pointing to the newest. Immutable; the files themselves have one writer each.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
  private static final int NAME_LENGTH_MAX = 60;
  private static final int SAME_SECOND_MAX = 1000;

  /**
   * Makes a new run folder and points {@code latest} at it.
   *
   * @param out where runs are kept; made if missing
   * @param name what the run is called; characters that do not belong in a file name become dashes
   * @param now when the run begins
   * @param warn is told why {@code latest} cannot point at the run, if that is so
   * @throws UserError if {@code out} is a file
   * @throws IOException naming the folder that could not be made, and why
   */
  public static RunFolder create(Path out, String name, Instant now, Consumer<String> warn)
      throws IOException {
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new UserError(out + ": expected a folder to keep runs in, found a file");
    }
    String base = TIME.format(now.atZone(ZoneId.systemDefault())) + "-" + sanitised(name);
    Path made = makeUnique(out, base);
    RunFolder run = new RunFolder(made);
    try {
      Files.createDirectory(run.checkpoints());
    } catch (IOException e) {
      throw DiskFailure.cannot("create", run.checkpoints(), e);
    }
    LatestRun.point(out, made.getFileName().toString()).ifPresent(warn);
    return run;
  }

  /**
   * Finds a run folder: one that has a {@code job.yaml}.
   *
   * @param path the folder, or {@code OUT/latest}; the latter is followed at once, so that a run
   *     that is resumed stays the same when {@code latest} moves on
   * @throws UserError naming what is missing, and the newest runs beside it
   */
  public static RunFolder open(Path path) {
    RunFolder run = new RunFolder(LatestRun.follow(path));
    if (!Files.isDirectory(run.path)) {
      throw new UserError(
          "no run folder at " + path + ": no such folder" + LatestRun.newestBeside(path));
    }
    if (!Files.isRegularFile(run.job())) {
      throw new UserError(
          path + " is not a run folder: job.yaml is missing in it" + LatestRun.newestBeside(path));
    }
    if (!isRun(run.path)) {
      throw new UserError(
          path
              + " is not a run folder: beside job.yaml neither checkpoints nor model.safetensors is"
              + " in it ("
              + Shell.dlion("train", run.job())
              + " trains that job)"
              + LatestRun.newestBeside(path));
    }
    return run;
  }

  /** Whether a run lies in a folder: a job file alone is none, people keep those anywhere. */
  static boolean isRun(Path folder) {
    RunFolder run = new RunFolder(folder);
    return Files.isRegularFile(run.job())
        && (Files.isDirectory(run.checkpoints()) || Files.isRegularFile(run.model()));
  }

  private static Path makeUnique(Path out, String base) throws IOException {
    Path wanted = out.resolve(base);
    try {
      Files.createDirectories(out);
      for (int i = 1; i <= SAME_SECOND_MAX; i++) {
        wanted = out.resolve(i == 1 ? base : base + "-" + i);
        try {
          return Files.createDirectory(wanted);
        } catch (FileAlreadyExistsException e) {
          // Another run of the same second has it.
        }
      }
    } catch (IOException e) {
      throw DiskFailure.cannot("create run folder", wanted, e);
    }
    throw new IOException(
        "cannot create run folder " + wanted + ": " + SAME_SECOND_MAX + " runs of one second");
  }

  static String sanitised(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]+", "-");
    if (plain.length() > NAME_LENGTH_MAX) {
      plain = plain.substring(0, NAME_LENGTH_MAX);
    }
    plain = plain.replaceAll("^[.-]+|[.-]+$", "");
    return plain.isEmpty() ? "run" : plain;
  }

  /** The resolved job. */
  public Path job() {
    return path.resolve("job.yaml");
  }

  /** How the run's data is encoded: columns, words, classes, means. Written at its beginning. */
  public Path preprocessing() {
    return path.resolve("preprocessing.json");
  }

  /** What happened when; see the metrics log. */
  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /** What came of it; see {@link RunResult}. */
  public Path result() {
    return path.resolve("result.json");
  }

  /** The trained model. */
  public Path model() {
    return path.resolve("model.safetensors");
  }

  /** The folder of checkpoints. */
  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /**
   * Replaces a file of this run whole, as {@link AtomicFile} does.
   *
   * @throws IllegalArgumentException if the file is not inside this folder
   * @throws IOException naming the file; its old content is still there then
   */
  public void writeAtomically(Path file, byte[] content) throws IOException {
    AtomicFile.write(inside(file), content);
  }

  /** As the other, in UTF-8. */
  public void writeAtomically(Path file, String content) throws IOException {
    AtomicFile.write(inside(file), content);
  }

  private Path inside(Path file) {
    if (!file.toAbsolutePath().normalize().startsWith(path.toAbsolutePath().normalize())) {
      throw new IllegalArgumentException(file + " is not inside " + path);
    }
    return file;
  }
}
