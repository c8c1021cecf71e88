package io.dlion.cli.command;

import io.dlion.monitor.run.RunFolder;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The run whose model a command is about. */
final class RunParameter {
  @Parameters(paramLabel = "RUN", description = "The run's folder; runs/latest is the newest.")
  private @Nullable Path run;

  /** Its folder. */
  Path folder() {
    return RunFolder.open(Objects.requireNonNull(run)).path();
  }
}
