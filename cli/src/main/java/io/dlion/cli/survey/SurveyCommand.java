package io.dlion.cli.survey;

import io.dlion.cli.console.Console;
import io.dlion.cli.option.DeskOptions;
import io.dlion.cli.option.FlagRange;
import io.dlion.cluster.survey.ProbeLimits;
import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.core.Shell;
import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dlion survey}: measures the workers of a cluster before it trains. */
@Command(
    name = "survey",
    description = {
      "Measure the machines and lines of a cluster before it trains, for the emulator.",
      "",
      "Workers that wait for others, or are paused, time gradients of the model and measure the"
          + " lines between them; a worker that trains is left out. What was found is an environment"
          + " for dlion emulate. Needs an operator's certificate."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion survey --seeds 10.0.0.1:7800 --certs certs/anna --out sites.yaml",
      "        workers that were started with a larger --min-workers wait, and can be measured",
      "  dlion emulate --environment sites.yaml --model cnn --preset dlion,diloco",
      "        what these sites will do"
    })
public final class SurveyCommand implements Callable<Integer> {
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int MEGABYTES_MAX = ProbeLimits.BYTES_MAX / 1_000_000;

  private final Console console;

  @Mixin private DeskOptions desks = new DeskOptions();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Time gradients of this built-in model. Default: that of the workers' job.")
  private @Nullable String model;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Takes the environment, and is replaced. Default: sites.yaml.")
  private Path out = Path.of("sites.yaml");

  @Option(
      names = "--step-seconds",
      paramLabel = "N",
      description = "For timing gradients at each worker, about. Default: 10.")
  private int stepSeconds = SurveyRequest.STEP_SECONDS;

  @Option(
      names = "--line-millis",
      paramLabel = "N",
      description = "For each direction of each line. Default: 1500.")
  private int lineMillis = SurveyRequest.LINE_LIMITS.millis();

  @Option(
      names = "--line-megabytes",
      paramLabel = "N",
      description = "The most to send in each direction of each line. Default: 8.")
  private int lineMegabytes = SurveyRequest.LINE_LIMITS.bytes() / 1_000_000;

  /** The command. */
  public SurveyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    FlagRange.requireUpTo("--step-seconds", stepSeconds, SurveyQuestion.Steps.SECONDS_MAX);
    FlagRange.requireUpTo("--line-millis", lineMillis, ProbeLimits.MILLIS_MAX);
    FlagRange.requireUpTo("--line-megabytes", lineMegabytes, MEGABYTES_MAX);
    String name = Objects.requireNonNullElse(model, "");
    if (model != null && !MODEL.matcher(name).matches()) {
      throw new UserError(
          "--model "
              + name
              + ": expected the name of a built-in model (dlion models lists them);"
              + " leave it out for the model of the workers' job");
    }
    Surveyed found =
        Survey.run(
            new SurveyRequest(
                desks.desks(),
                name,
                stepSeconds,
                new ProbeLimits(lineMillis, lineMegabytes * 1_000_000),
                out),
            console);
    tell(found);
    return found.notAnswering().isEmpty() && found.leftOut().isEmpty() ? 0 : 1;
  }

  private void tell(Surveyed found) {
    console.out().println("wrote " + out + ": " + String.join(", ", found.workers()));
    console
        .out()
        .println(
            "emulate them with   "
                + Shell.dlion(
                    "emulate", "--environment", out.toString(), "--model", found.model()));
    console.out().flush();
  }
}
