package io.dlion.cli.tune;

import io.dlion.cli.console.Console;
import io.dlion.cli.emulate.Changes;
import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Durations;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.option.FlagRange;
import io.dlion.cli.option.JobFlag;
import io.dlion.core.Shell;
import io.dlion.core.UserError;
import io.dlion.core.tune.Halving;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
          + " of it. They are judged on a tenth of the training data that no worker sees, with seeds"
          + " that comparisons do not use. dlion presets NAME shows what is tuned, and between"
          + " what bounds; the first trial is the preset as it is."
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
  private static final int CORES_MAX = 256;
  private static final int EVALUATIONS = 50;

  private final KnownNames names;
  private final Tuning tuning;
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--environment",
      split = ",",
      paramLabel = "NAME|FILE",
      description =
          "Where: names from dlion environments, or YAML files; each is tuned for by itself."
              + " Default: hetero-sys-a.")
  private List<String> environments = List.of("hetero-sys-a");

  @Option(
      names = "--preset",
      split = ",",
      paramLabel = "[NAME=]PRESET",
      description = "Methods to tune (dlion presets lists them). Default: dlion.")
  private List<String> presets = List.of("dlion");

  @Option(
      names = "--set",
      paramLabel = "[NAME:]KEY=VALUE",
      description = {
        "Fix a setting of all methods, or of one, which is not tuned then; may be repeated.",
        "environment.h, environment.mbit and environment.latency change the environments."
      })
  private List<String> changes = List.of();

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

  @Option(
      names = "--target",
      paramLabel = "SHARE",
      description =
          "Accuracy to reach soon, for example 80%% or 0.8. Default: none, the accuracy at the end"
              + " counts.")
  private @Nullable String target;

  @Option(
      names = "--evaluate-every",
      paramLabel = "TIME",
      description = "Virtual time between evaluations. Default: a fiftieth of the time.")
  private @Nullable String evaluateEvery;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of what is tried. Default: 1.")
  private int seed = 1;

  @Option(
      names = "--real-bandwidth",
      description = "Take bandwidths as they are, as for dlion emulate.")
  private boolean realBandwidth;

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Cores to use; no result depends on it. Default: all.")
  private int cores = Runtime.getRuntime().availableProcessors();

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
    Duration every =
        evaluateEvery == null
            ? longest.dividedBy(EVALUATIONS)
            : Durations.atLeastOneSecond("--evaluate-every", evaluateEvery);
    FlagRange.requireUpTo("--trials", trials, TRIALS_MAX);
    FlagRange.requireUpTo("--seed", seed, SEED_MAX);
    FlagRange.requireUpTo("--cores", cores, CORES_MAX);
    Changes split = Changes.read(changes);
    List<Environment> where = where(longest, split);
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
            job(),
            trials,
            longest,
            target == null ? OptionalDouble.empty() : OptionalDouble.of(share(target)),
            every,
            seed,
            cores,
            out,
            Shell.dlion(parsed().originalArgs())),
        console);
  }

  private List<Environment> where(Duration longest, Changes split) throws IOException {
    List<Environment> where = new ArrayList<>();
    for (String name : new LinkedHashSet<>(environments)) {
      Environment found = split.applied(Environments.find(name).withBudget(longest.toNanos()));
      where.add(realBandwidth ? found.withRealBandwidth() : found);
    }
    return where;
  }

  /** {@code 80%} and {@code 0.8} are the same. */
  private static double share(String text) {
    boolean percent = text.endsWith("%");
    try {
      double number = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
      double share = percent ? number / 100 : number;
      if (share > 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      throw new UserError("--target: expected a share such as 80% or 0.8, found " + text, e);
    }
    throw new UserError("--target: expected above 0, at most 1 or 100%, found " + text);
  }

  private CommandLine.ParseResult parsed() {
    return Objects.requireNonNull(spec).commandLine().getParseResult();
  }

  /** Data and model, read as {@code dlion train} reads them. */
  private Job job() {
    return Resolver.resolve(Draft.ofFlags(JobFlag.given(spec, DATA_KEYS)), names);
  }
}
