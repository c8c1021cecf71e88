package io.dlion.cli.tuned;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that a comparison takes its settings from: each environment those that were tuned in
 * it. A single file serves in all of them.
 */
public record TunedFiles(List<Tuned> all) {
  /** No file. */
  public static final TunedFiles NONE = new TunedFiles(List.of());

  /** Copies the list. */
  public TunedFiles {
    all = List.copyOf(all);
  }

  /**
   * Reads files.
   *
   * @throws UserError where one cannot be read, or two are of one environment
   */
  public static TunedFiles read(Collection<Path> files) throws IOException {
    Map<String, Tuned> byEnvironment = new LinkedHashMap<>();
    for (Path file : files) {
      Tuned tuned = TunedReader.read(file);
      Tuned before = byEnvironment.put(tuned.environment(), tuned);
      if (before != null) {
        throw new UserError(
            "--settings: "
                + before.file()
                + " and "
                + tuned.file()
                + " are both tuned in "
                + tuned.environment()
                + "; expected one file for each environment");
      }
    }
    return new TunedFiles(List.copyOf(byEnvironment.values()));
  }

  /** The file that serves in an environment. */
  public Optional<Tuned> in(String environment) {
    if (all.size() == 1) {
      return Optional.of(all.getFirst());
    }
    return all.stream().filter(tuned -> tuned.environment().equals(environment)).findFirst();
  }

  /** What a file does not fit, a warning each. */
  public List<String> differences(
      Collection<String> environments, String model, Optional<String> data) {
    List<String> differences = new ArrayList<>();
    all.forEach(tuned -> differences.addAll(tuned.differences(model, data)));
    for (String environment : environments) {
      Optional<Tuned> tuned = in(environment);
      if (all.size() > 1 && tuned.isEmpty()) {
        differences.add(
            "warning: no file of --settings is tuned in "
                + environment
                + ": presets are as they are there");
      }
      tuned
          .filter(its -> !its.environment().equals(environment))
          .ifPresent(
              its -> differences.add(its.warning("environment " + its.environment(), environment)));
    }
    return differences;
  }

  /**
   * Makes sure that each file has something to say.
   *
   * @throws UserError where a file has none of the methods
   */
  public void requireSome(Collection<String> methods) {
    for (Tuned tuned : all) {
      if (tuned.methods().keySet().stream().noneMatch(methods::contains)) {
        throw new UserError(
            tuned.file()
                + ": has settings of "
                + String.join(", ", tuned.methods().keySet())
                + ", and compared are "
                + String.join(", ", methods)
                + "; expected one of them");
      }
    }
  }
}
