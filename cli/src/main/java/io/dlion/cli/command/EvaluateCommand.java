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
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Mixin private RunParameter run = new RunParameter();

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
    return JobFlag.line(new EvaluateCommand(evaluating, console), KEYS);
  }

  @Override
  public Integer call() throws IOException {
    Map<JobKey, List<String>> flags = JobFlag.given(spec, KEYS);
    if (data == null && !flags.isEmpty()) {
      throw new UserError(
          Phrase.of(
              "--%s is for --data PATH: the run's own data is read as its job.yaml says",
              flags.keySet().iterator().next().key()));
    }
    DataOptions reading = Resolver.reading(Draft.ofFlags(flags));
    return evaluating.run(run.folder(), Optional.ofNullable(data), reading, console);
  }
}
