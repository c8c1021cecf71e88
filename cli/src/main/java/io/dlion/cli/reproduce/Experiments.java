package io.dlion.cli.reproduce;

import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import io.dlion.emulator.yaml.YamlFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Finds experiments: those that come with DLion by their names, all others by their files. */
public final class Experiments {
  private static final String FILE = "experiment.yaml";
  private static final List<String> NAMES =
      List.of(
          "systems",
          "batching",
          "exchange",
          "transfer",
          "max-n",
          "transfer-period",
          "dynamic",
          "non-iid",
          "scaling",
          "adsp-methods",
          "adsp-heterogeneity",
          "adsp-scale",
          "adsp-network",
          "adsp-commit-rate",
          "adsp-slowdown",
          "online-steady",
          "online-burst",
          "online-drift",
          "online-reactions");

  private Experiments() {}

  /** Those that come with DLion. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * An experiment.
   *
   * @param nameOrPath one of {@link #names()}, or the path of an {@code experiment.yaml} or of its
   *     folder
   * @throws UserError where there is no such thing, or the file cannot be understood
   */
  public static Experiment find(String nameOrPath) throws IOException {
    if (NAMES.contains(nameOrPath)) {
      return bundled(nameOrPath);
    }
    Path path = Path.of(nameOrPath).toAbsolutePath().normalize();
    if (Files.isRegularFile(path.resolve(FILE))) {
      return read(path.resolve(FILE));
    }
    if (Files.isRegularFile(path) || nameOrPath.matches(".*(/|\\.ya?ml$).*")) {
      return read(path);
    }
    throw new UserError(
        "unknown experiment '"
            + nameOrPath
            + "'"
            + Nearest.hint(nameOrPath, NAMES)
            + " (dlion reproduce --list lists them)");
  }

  private static Experiment read(Path file) throws IOException {
    Path folder = file.getParent() == null ? null : file.getParent().getFileName();
    return ExperimentReader.read(
        folder == null ? "experiment" : folder.toString(), YamlFile.read(file));
  }

  private static Experiment bundled(String name) throws IOException {
    String resource = "experiments/" + name + "/" + FILE;
    try (InputStream in = Experiments.class.getResourceAsStream("/" + resource)) {
      String text =
          new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
      return ExperimentReader.read(name, YamlFile.parse(resource, text));
    }
  }
}
