package io.dlion.cli.reproduce;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.emulate.EmulateCommand;
import io.dlion.cli.job.KnownNames;
import io.dlion.core.Phrase;
import io.dlion.core.Shell;
import io.dlion.core.UserError;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code dlion reproduce}: runs experiments, each with the commands that its file says. */
@Command(
    name = "reproduce",
    description = {
      "Run the experiments behind the papers' claims, in virtual time.",
      "",
      "Each is a folder of experiments/: a claim, the dlion emulate commands that test it, and what"
          + " is expected."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion reproduce --list",
      "        what there is, a line each",
      "  dlion reproduce batching --quick",
      "        one of them, short: to see how it goes, not what it shows",
      "  dlion reproduce systems --data fashion-mnist --seeds 3 --out results",
      "        on your own data, each method with three seeds"
    })
public final class ReproduceCommand implements Callable<Integer> {
  private static final String ALL = "all";
  private static final String DATA = "generated:shapes";

  private final KnownNames known;
  private final Console console;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME|FOLDER",
      description = "Experiments, or all; or folders with an experiment.yaml of your own.")
  private List<String> names = List.of();

  @Option(names = "--list", description = "List the experiments.")
  private boolean list;

  @Option(names = "--quick", description = "A short run of each, as its file says.")
  private boolean quick;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "Other data than " + DATA + ", as dlion emulate takes it.")
  private @Nullable String data;

  @Option(
      names = "--model",
      paramLabel = "NAME|FILE",
      description = "Another model than the experiment's.")
  private @Nullable String model;

  @Option(
      names = "--settings",
      paramLabel = "FILE,…",
      description = "Settings that dlion tune has found, as dlion emulate takes them.")
  private @Nullable String settings;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Runs of each method, each with a seed of its own. Default: the experiment's.")
  private @Nullable String seeds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where run folders are made. Default: runs.")
  private String out = "runs";

  /**
   * The command.
   *
   * @param known names that {@code dlion emulate} may use
   */
  public ReproduceCommand(KnownNames known, Console console) {
    this.known = known;
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (list) {
      for (String name : Experiments.names()) {
        say(Phrase.of("%-16s %s", name, Experiments.find(name).claim()));
      }
      return 0;
    }
    if (names.isEmpty()) {
      throw new UserError(
          "expected the name of an experiment, or all, found none (dlion reproduce --list lists"
              + " them)");
    }
    List<Path> folders = new ArrayList<>();
    try (Interruption interruption = new Interruption()) {
      for (Experiment experiment : wanted()) {
        int code = run(experiment, folders, interruption);
        if (code != 0) {
          return code;
        }
      }
    }
    say("");
    say(folders.size() == 1 ? "run folder" : "run folders, in the order of the runs");
    folders.forEach(folder -> say("  " + folder));
    return 0;
  }

  /** All are found and read before the first one runs. */
  private List<Experiment> wanted() throws IOException {
    Set<String> distinct = new LinkedHashSet<>();
    names.forEach(name -> distinct.addAll(name.equals(ALL) ? Experiments.names() : List.of(name)));
    List<Experiment> experiments = new ArrayList<>();
    for (String name : distinct) {
      experiments.add(Experiments.find(name));
    }
    return experiments;
  }

  private int run(Experiment experiment, List<Path> folders, Interruption interruption)
      throws Exception {
    say("");
    say(console.bold(experiment.name()) + ": " + experiment.claim());
    say("source    " + experiment.source());
    say("expected  " + experiment.expected().replace("\n", "\n          "));
    List<Arguments> runs = experiment.arguments(quick);
    for (int i = 0; i < runs.size() && !interruption.requested(); i++) {
      List<String> words = changed(runs.get(i), experiment.name()).words();
      say("");
      List<String> typed = new ArrayList<>(List.of("emulate"));
      typed.addAll(words);
      say("run " + (i + 1) + " of " + runs.size() + ": " + Shell.dlion(typed));
      int code = emulate(words, experiment);
      if (code != 0) {
        return code;
      }
      folders.add(RunFolder.open(Path.of(out, "latest")).path());
    }
    return 0;
  }

  /** The experiment's arguments with those given here. */
  private Arguments changed(Arguments run, String name) {
    boolean hasData = run.flags().stream().anyMatch(flag -> flag.name().equals("--data"));
    Arguments changed = run.with("--out", out).with("--name", name);
    if (data != null || !hasData) {
      changed = changed.with("--data", data == null ? DATA : data);
    }
    if (model != null) {
      changed = changed.with("--model", model);
    }
    if (settings != null) {
      changed = changed.with("--settings", settings);
    }
    return seeds == null ? changed : changed.with("--seeds", seeds);
  }

  /** Runs {@code dlion emulate} as if it had been typed; its failures are this command's. */
  private int emulate(List<String> words, Experiment experiment) throws Exception {
    CommandLine emulate = EmulateCommand.commandLine(known, console);
    CommandLine dlion = new CommandLine(CommandSpec.create().name("dlion"));
    dlion.addSubcommand(emulate);
    dlion.setExpandAtFiles(false);
    List<String> typed = new ArrayList<>(List.of("emulate"));
    typed.addAll(words);
    try {
      dlion.parseArgs(typed.toArray(new String[0]));
    } catch (ParameterException e) {
      throw new UserError("experiment " + experiment.name() + ": command: " + e.getMessage(), e);
    }
    return Objects.requireNonNull(emulate.<EmulateCommand>getCommand()).call();
  }

  private void say(String line) {
    console.out().println(line);
  }
}
