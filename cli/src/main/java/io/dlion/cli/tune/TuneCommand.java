package io.dlion.cli.tune;

import io.dlion.cli.console.Console;
import io.dlion.cli.emulate.Changes;
import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.cli.emulate.EmulatedPlaces;
import io.dlion.cli.emulate.EmulatedRuns;
import io.dlion.cli.job.Durations;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.option.FlagRange;
import io.dlion.cli.option.JobFlag;
import io.dlion.core.tune.Halving;
import io.dlion.emulator.environment.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dlion tune}: reads what is to be tuned. */
@Command(
    name = "tune",
    description = {
      "Look for the best settings of methods on emulated micro-clouds.",
      "",
      "Each method is granted the same: as many trials, and as much virtual time. All trials run for"
          + " a quarter of the time, the better half of them for half of it, the best quarter for all"
          + " of it, and the best two twice more with other seeds; a trial that reaches the target ends"
          + " there. They are judged on a tenth of the training data that no worker sees, with seeds"
          + " that comparisons do not use. dlion presets NAME shows what is tuned, and between what"
          + " bounds; the first trial is the preset as it is."
    },
    sortOptions = false,
    customSynopsis = "Usage: dlion tune [OPTION]...",
    synopsisHeading = "",
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion tune --environment hetero-sys-a --preset dlion,ako --data DIR --model cnn-small \\",
      "             --trials 16 --time 300s --target 80%% --out tuned",
      "        two methods; writes tuned/hetero-sys-a/tuned.yaml. Stopped, the same goes on",
      "  dlion emulate --environment hetero-sys-a --preset dlion,ako --data DIR --model cnn-small \\",
      "                --settings tuned/hetero-sys-a/tuned.yaml --budget 300s --target 0.8 --seeds 3",
      "        compare them as they were tuned"
    })
public final class TuneCommand implements Callable<Integer> {
  private static final List<JobKey> DATA_KEYS = JobKey.readingAnd(JobKey.PARTITION, JobKey.MODEL);
  private static final int TRIALS_MAX = 10_000;
  private static final int SEED_MAX = 1_000_000;

  private final KnownNames names;
  private final Tuning tuning;
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private EmulatedPlaces places = new EmulatedPlaces();

  @Option(
      names = "--preset",
      split = ",",
      paramLabel = "[NAME=]PRESET",
      description = "Methods to tune (dlion presets lists them). Default: dlion.")
  private List<String> presets = List.of("dlion");

  @Option(
      names = "--trials",
      paramLabel = "N",
      description = "Settings to try of each method. Default: 16.")
  private int trials = 16;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      description = "Virtual time of the longest trials: 600s, 10m. Default: 5m.")
  private String time = "5m";

  @Mixin private EmulatedRuns runs = new EmulatedRuns();

  @Option(names = "--seed", paramLabel = "N", description = "Seed of what is tried. Default: 1.")
  private int seed = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Keeps each trial that is done, so that a stopped command goes on when it is run again, and"
              + " gets ENVIRONMENT/tuned.yaml. Default: tuned.")
  private Path out = Path.of("tuned");

  private TuneCommand(KnownNames names, Tuning tuning, Console console) {
    this.names = names;
    this.tuning = tuning;
    this.console = console;
  }

  /** The command with its flags. */
  public static CommandLine commandLine(KnownNames names, Console console) {
    return commandLine(names, new TuneRun(), console);
  }

  static CommandLine commandLine(KnownNames names, Tuning tuning, Console console) {
    return JobFlag.line(new TuneCommand(names, tuning, console), DATA_KEYS);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Duration longest = Durations.atLeastOneSecond("--time", time);
    FlagRange.requireUpTo("--trials", trials, TRIALS_MAX);
    FlagRange.requireUpTo("--seed", seed, SEED_MAX);
    Changes split = runs.changes();
    List<Environment> where = places.in(longest, split);
    List<ComparedMethod> methods = ComparedMethod.read(presets, split.ofMethods());
    long shortest = Halving.rungs(trials, longest.toNanos()).getFirst().nanos();
    methods.forEach(method -> method.requirePossible(where, Duration.ofNanos(shortest)));
    Map<String, Set<String>> fixed = new LinkedHashMap<>();
    methods.forEach(method ->
        fixed.put(method.name(), ComparedMethod.changedKeys(method.name(), split.ofMethods())));
    return tuning.run(
        new TuneRequest(
            where,
            methods,
            fixed,
            JobFlag.job(spec, DATA_KEYS, names),
            trials,
            longest,
            runs.target(),
            runs.evaluateEvery(longest),
            seed,
            runs.cores(),
            out,
            JobFlag.typed(spec)),
        console);
  }
}
