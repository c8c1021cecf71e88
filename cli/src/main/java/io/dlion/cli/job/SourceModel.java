package io.dlion.cli.job;

import io.dlion.monitor.run.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The copy of a model that came as a TorchScript file, in the folder of the run that trains it. The
 * run needs the file it came from no more.
 */
public final class SourceModel {
  private static final String FILE = "source.pt";

  private SourceModel() {}

  /** Where it is, in runs that have one. */
  public static Path in(RunFolder folder) {
    return folder.path().resolve(FILE);
  }

  /** Names to resolve a run's job with: its model's is one, if the run has kept that. */
  public static KnownNames names(RunFolder folder, Draft job, KnownNames names) {
    return Files.exists(in(folder))
        ? job.one(JobKey.MODEL).map(Item::text).map(names::withModel).orElse(names)
        : names;
  }
}
