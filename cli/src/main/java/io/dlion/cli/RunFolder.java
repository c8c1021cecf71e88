package io.dlion.cli;

import io.dlion.core.UserError;
import java.nio.file.Files;
import java.nio.file.Path;

/** A run's folder as an argument. */
final class RunFolder {
  static final String JOB = "job.yaml";

  private RunFolder() {}

  /** Checks that a run lies there. */
  static Path check(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UserError(
          folder + ": no such run folder; expected one that dlion train made, such as runs/latest");
    }
    if (!Files.isRegularFile(folder.resolve(JOB))) {
      throw new UserError(
          folder + ": no run folder: it has no " + JOB + "; expected one such as runs/latest");
    }
    return folder;
  }
}
