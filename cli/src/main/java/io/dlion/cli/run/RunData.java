package io.dlion.cli.run;

import io.dlion.cli.checkpoint.ModelFile;
import io.dlion.cli.job.Job;
import io.dlion.cli.problem.Problem;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DataSet;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.tensor.Safetensors;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The data of a run that exists. Its weights have a meaning only with the columns, words, classes
 * and means that the run began with, so these are kept in its folder from the beginning, and all
 * data that the run sees later is encoded by them.
 */
record RunData(RunFolder folder) {
  /** Keeps how the run's data is encoded. */
  void keep(Preprocessing preprocessing) throws IOException {
    folder.writeAtomically(folder.preprocessing(), preprocessing.toJson() + "\n");
  }

  /** How the run's data is encoded; empty where an older version began it and it has no model. */
  Optional<Preprocessing> preprocessing() throws IOException {
    Path file = folder.preprocessing();
    if (Files.isRegularFile(file)) {
      return Optional.of(Preprocessing.parse(Files.readString(file), file.toString()));
    }
    return Files.isRegularFile(folder.model())
        ? ModelFile.preprocessing(Safetensors.read(folder.model()), folder.model())
        : Optional.empty();
  }

  /**
   * Opens the data that a job names, encoded as the run began.
   *
   * @throws UserError where it cannot be: unknown words or classes, missing columns, other images
   */
  DataSet open(Job job) throws IOException {
    Optional<Preprocessing> known = preprocessing();
    try {
      return Problem.openData(job, known);
    } catch (UserError e) {
      boolean differs = known.isPresent() && Files.exists(Path.of(job.data()));
      throw new UserError(
          Phrase.of(
              "cannot go on with %s: %s%s",
              folder.path(),
              e.getMessage(),
              differs
                  ? "; give data with the columns, words, classes and sizes that the run knows (columns may be in another order), or begin a new run without --resume"
                  : ""),
          e);
    }
  }
}
