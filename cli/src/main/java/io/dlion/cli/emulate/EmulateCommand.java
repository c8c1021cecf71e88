package io.dlion.cli.emulate;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.Durations;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.option.FlagRange;
import io.dlion.cli.option.JobFlag;
import io.dlion.cli.tuned.Tuned;
import io.dlion.cli.tuned.TunedFiles;
import io.dlion.emulator.environment.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dlion emulate}: reads what is to be compared. */
@Command(
    name = "emulate",
    description = {
      "Compare methods on emulated micro-clouds, in virtual time.",
      "",
      "The same workers as in a real cluster train with real gradients; machines and links are"
          + " those of an environment. Exact, repeatable, and usually faster than reality."
    },
    sortOptions = false,
    customSynopsis = "Usage: dlion emulate [OPTION]...",
    synopsisHeading = "",
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion emulate",
      "        dlion against baseline on unequal machines and links, a first look",
      "  dlion emulate --environment hetero-sys-a,starved-a --preset dlion,ako,diloco \\",
      "                --data photos --seeds 3 --budget 600s --target 0.85",
      "        three methods, two environments, three seeds",
      "  dlion emulate --environment mine.yaml --preset dlion,plain=dlion \\",
      "                --set plain:exchange.anticipation=off",
      "        your own environment (dlion environments shows how), and what one technique adds",
      "  dlion emulate --environment adsp-18 --set environment.h=3.2 --set environment.mbit=10",
      "        more unequal workers, and thinner lines, than the environment's"
    })
public final class EmulateCommand implements Callable<Integer> {
  private static final List<JobKey> DATA_KEYS =
      JobKey.readingAnd(JobKey.PARTITION, JobKey.MODEL, JobKey.OUT, JobKey.NAME);
  private static final int SEEDS_MAX = 1000;

  private final KnownNames names;
  private final Emulating emulating;
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private EmulatedPlaces places = new EmulatedPlaces();

  @Option(
      names = "--preset",
      split = ",",
      paramLabel = "[NAME=]PRESET",
      description = {
        "Methods to compare (dlion presets lists them). Default: dlion,baseline.",
        "NAME=PRESET adds a variant of a preset, to be changed with --set."
      })
  private List<String> presets = List.of("dlion", "baseline");

  @Mixin private EmulatedRuns runs = new EmulatedRuns();

  @Option(
      names = "--settings",
      split = ",",
      paramLabel = "FILE",
      description = {
        "Files of dlion tune, one for each environment: the methods that are in them have those"
            + " settings instead of their presets'; --set wins.",
        "A variant called otherwise, such as plain=ako, keeps its preset's."
      })
  private List<Path> settings = List.of();

  @Option(
      names = "--server",
      paramLabel = "NAME",
      description =
          "Who serves, in the methods that have a server. Default: as their settings say.")
  private @Nullable String server;

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      description = "Virtual time of each run: 600s, 10m. Default: 5m.")
  private String budget = "5m";

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Runs of each method, each with a seed of its own. Default: 1.")
  private int seeds = 1;

  @Option(names = "--first-seed", paramLabel = "N", description = "The first seed. Default: 1.")
  private long firstSeed = 1;

  @Option(
      names = "--validation",
      description =
          "Measure accuracy on a tenth of the training data, held out, instead of the test set: for"
              + " choosing settings.")
  private boolean validation;

  @Option(
      names = "--no-ideal",
      description =
          "Leave out the ideal bound: one model trained with all the machines' power together and"
              + " no communication. There is none where workers learn from streams.")
  private boolean noIdeal;

  @Option(names = "--csv", description = "Write the figures as CSV files too.")
  private boolean csv;

  private EmulateCommand(KnownNames names, Emulating emulating, Console console) {
    this.names = names;
    this.emulating = emulating;
    this.console = console;
  }

  /** The command with its flags. */
  public static CommandLine commandLine(KnownNames names, Console console) {
    return commandLine(names, new EmulateRun(), console);
  }

  static CommandLine commandLine(KnownNames names, Emulating emulating, Console console) {
    return JobFlag.line(new EmulateCommand(names, emulating, console), DATA_KEYS);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Duration time = Durations.atLeastOneSecond("--budget", budget);
    FlagRange.requireUpTo("--seeds", seeds, SEEDS_MAX);
    Changes split = runs.changes();
    List<Environment> where = places.in(time, split);
    TunedMethods tuned = tuned(where, time, split);
    List<ComparedMethod> methods = methods(where, time, split, Optional.empty());
    return emulating.run(
        new EmulationRequest(
            where,
            split.adjustments(),
            methods,
            tuned,
            JobFlag.job(spec, DATA_KEYS, names),
            LongStream.range(firstSeed, firstSeed + seeds).boxed().toList(),
            time,
            runs.target(),
            runs.evaluateEvery(time),
            validation,
            !noIdeal,
            runs.cores(),
            csv,
            JobFlag.typed(spec)),
        console);
  }

  private List<ComparedMethod> methods(
      List<Environment> where, Duration time, Changes split, Optional<Tuned> file) {
    List<ComparedMethod> methods =
        ComparedMethod.serving(server, ComparedMethod.read(presets, split.ofMethods(), file));
    methods.forEach(method -> method.requirePossible(where, time));
    StreamSettings.requireEffect(methods, where);
    return methods;
  }

  private TunedMethods tuned(List<Environment> where, Duration time, Changes split)
      throws IOException {
    TunedFiles files = TunedFiles.read(settings);
    files.requireSome(
        ComparedMethod.read(presets, List.of()).stream().map(ComparedMethod::name).toList());
    Map<String, List<ComparedMethod>> tuned = new LinkedHashMap<>();
    for (Environment environment : where) {
      Optional<Tuned> file = files.in(environment.name());
      if (file.isPresent()) {
        tuned.put(environment.name(), methods(List.of(environment), time, split, file));
      }
    }
    return new TunedMethods(files, tuned);
  }
}
