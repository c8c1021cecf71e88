package io.dlion.emulator.environment;

import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import io.dlion.emulator.yaml.YamlFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Finds environments: those that come with DLion by their names, all others by their files. */
public final class Environments {
  private static final List<String> NAMES =
      List.of(
          "homo-a",
          "homo-b",
          "hetero-cpu-a",
          "hetero-cpu-b",
          "hetero-net-a",
          "hetero-net-b",
          "hetero-sys-a",
          "hetero-sys-b",
          "homo-gpu",
          "hetero-gpu",
          "starved-a",
          "starved-b",
          "dynamic-sys-a",
          "dynamic-sys-b",
          "scale-4",
          "scale-8",
          "scale-16",
          "scale-32",
          "scale-64",
          "scale-512",
          "adsp-3",
          "adsp-18",
          "adsp-36",
          "adsp-slowdown",
          "stream-steady",
          "stream-burst",
          "stream-drift",
          "hub-a",
          "ring-cut",
          "example");

  private Environments() {}

  /** Those that come with DLion. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * An environment.
   *
   * @param nameOrPath one of {@link #names()}, or the path of a YAML file
   * @throws UserError where there is no such thing, or the file cannot be understood
   */
  public static Environment find(String nameOrPath) throws IOException {
    if (NAMES.contains(nameOrPath)) {
      return bundled(nameOrPath);
    }
    Path path = Path.of(nameOrPath);
    if (Files.exists(path) || nameOrPath.matches(".*(/|\\.ya?ml$).*")) {
      return read(path);
    }
    throw new UserError(
        "unknown environment '"
            + nameOrPath
            + "'"
            + Nearest.hint(nameOrPath, NAMES)
            + " (dlion environments lists them; the path of a YAML file will do, too)");
  }

  /**
   * The environment that a file describes, called after it.
   *
   * @throws UserError where there is no such file, or it cannot be understood
   */
  public static Environment read(Path file) throws IOException {
    String name = Objects.requireNonNull(file.getFileName()).toString();
    return EnvironmentReader.read(name.replaceFirst("\\.ya?ml$", ""), YamlFile.read(file));
  }

  /** The environment that a text describes. */
  public static Environment parse(String name, String yaml) {
    return EnvironmentReader.read(name, YamlFile.parse(name + ".yaml", yaml));
  }

  private static Environment bundled(String name) {
    String resource = "/environments/" + name + ".yaml";
    try (InputStream in = Environments.class.getResourceAsStream(resource)) {
      return parse(
          name,
          new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
