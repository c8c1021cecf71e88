package io.dlion.cli;

import io.dlion.monitor.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dlion evaluate}. */
@Command(
    name = "evaluate",
    description = "Measure the model of a run on its test set, or on other data.",
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion evaluate runs/latest",
      "        the run's own test set",
      "  dlion evaluate runs/latest --data more-photos",
      "        data of the same kind that the model has not seen"
    })
final class EvaluateCommand implements Callable<Integer> {
  private final Evaluating evaluating;
  private final Console console;

  @Parameters(paramLabel = "RUN", description = "The run's folder; runs/latest is the newest.")
  private @Nullable Path run;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Other data: its test split, else all of it, encoded as in training. Default: the run's"
              + " own test set.")
  private @Nullable String data;

  EvaluateCommand(Evaluating evaluating, Console console) {
    this.evaluating = evaluating;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = RunFolder.open(Objects.requireNonNull(run)).path();
    return evaluating.run(folder, Optional.ofNullable(data), console);
  }
}
