package io.dlion.cli.calibrate;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.option.FlagRange;
import io.dlion.cli.option.JobFlag;
import io.dlion.cli.problem.Problem;
import io.dlion.core.Shell;
import io.dlion.core.learn.Learner;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dlion calibrate}: times gradients here, and says so in the words of environments. */
@Command(
    name = "calibrate",
    description = {
      "Measure what a gradient of a model costs this machine, for environments of your own.",
      "",
      "Times gradients of several batch sizes, fits alpha + beta · b seconds to their medians, and"
          + " prints the lines for an environment's file. Let the machine do nothing else meanwhile."
    },
    sortOptions = false,
    customSynopsis = "Usage: dlion calibrate [OPTION]...",
    synopsisHeading = "",
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion calibrate --model cnn",
      "        the cnn for generated images, on one core",
      "  dlion calibrate --data photos --model resnet18 --threads 4",
      "        your data, and workers that will have four cores each"
    })
public final class CalibrateCommand implements Callable<Integer> {
  private static final List<JobKey> KEYS = JobKey.readingAnd(JobKey.MODEL);
  private static final List<Integer> SIZES = List.of(4, 8, 16, 32, 64);
  private static final int THREADS_MAX = 1024;
  private static final int STEPS_MAX = 100_000;

  private final KnownNames names;
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--threads", paramLabel = "N", description = "Threads that compute. Default: 1.")
  private int threads = 1;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Timed gradients of each batch size. Default: 20.")
  private int steps = 20;

  private CalibrateCommand(KnownNames names, Console console) {
    this.names = names;
    this.console = console;
  }

  /** The command with its flags. */
  public static CommandLine commandLine(KnownNames names, Console console) {
    return JobFlag.line(new CalibrateCommand(names, console), KEYS);
  }

  @Override
  public Integer call() {
    FlagRange.requireUpTo("--threads", threads, THREADS_MAX);
    FlagRange.requireUpTo("--steps", steps, STEPS_MAX);
    Job job = Resolver.resolve(Draft.ofFlags(JobFlag.given(spec, KEYS)), names);
    Problem problem = Problem.open(job);
    List<List<Double>> seconds;
    try (Learner learner = problem.model().learner(job.seed(), threads)) {
      seconds = new StepClock(learner, problem.data().train(), System::nanoTime).time(SIZES, steps);
    }
    tell(problem, StepCosts.fit(SIZES, seconds));
    return 0;
  }

  private void tell(Problem problem, StepCosts costs) {
    String model = problem.model().name();
    say(problem.data().description());
    say(
        String.format(
            Locale.ROOT,
            "%s, %,d parameters, %s; medians of %d gradients",
            model,
            problem.model().parameters().elements(),
            threads == 1 ? "1 thread" : threads + " threads",
            steps));
    say("");
    costs.table().forEach(this::say);
    say("");
    costs.yaml(model).forEach(this::say);
    say("");
    say("Put these lines into an environment's file (environments/example.yaml explains it). A");
    say("worker with cores: 24 is then as fast as this machine was, one with other cores");
    say("(cores / 24)^0.9 times as fast. Bandwidths should then be real ones, too:");
    say(
        "  "
            + Shell.dlion(
                "emulate", "--environment", "FILE.yaml", "--model", model, "--real-bandwidth"));
  }

  private void say(String line) {
    console.out().println(line);
  }
}
