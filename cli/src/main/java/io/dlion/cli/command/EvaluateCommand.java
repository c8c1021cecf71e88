package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.model.Evaluating;
import io.dlion.cli.option.JobFlag;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
public final class EvaluateCommand implements Callable<Integer> {
  /** What of the data's layout can differ from that of the training data. */
  private static final List<JobKey> KEYS =
      List.of(JobKey.KIND, JobKey.HEADER, JobKey.DELIMITER, JobKey.DECIMAL);

  private final Evaluating evaluating;
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The run's folder; runs/latest is the newest.")
  private @Nullable Path run;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Other data: its test split, else all of it, encoded as in training. Default: the run's"
              + " own test set.")
  private @Nullable String data;

  private EvaluateCommand(Evaluating evaluating, Console console) {
    this.evaluating = evaluating;
    this.console = console;
  }

  /** The command with its flags. */
  public static CommandLine commandLine(Evaluating evaluating, Console console) {
    CommandLine line = new CommandLine(new EvaluateCommand(evaluating, console));
    KEYS.forEach(key -> line.getCommandSpec().addOption(JobFlag.of(key)));
    return line;
  }

  @Override
  public Integer call() throws IOException {
    Map<JobKey, List<String>> flags =
        JobFlag.given(Objects.requireNonNull(spec).commandLine().getParseResult(), KEYS);
    if (data == null && !flags.isEmpty()) {
      throw new UserError(
          Phrase.of(
              "--%s is for --data PATH: the run's own data is read as its job.yaml says",
              flags.keySet().iterator().next().key()));
    }
    DataOptions reading = Resolver.reading(Draft.ofFlags(flags));
    Path folder = RunFolder.open(Objects.requireNonNull(run)).path();
    return evaluating.run(folder, Optional.ofNullable(data), reading, console);
  }
}
