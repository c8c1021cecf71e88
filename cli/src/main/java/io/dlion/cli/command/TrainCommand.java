package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Version;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.ServerName;
import io.dlion.cli.option.JobFlag;
import io.dlion.cli.option.MetricsOptions;
import io.dlion.cli.option.Retyped;
import io.dlion.cli.run.Training;
import io.dlion.monitor.run.RunLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dlion train}: makes a job of a job file and flags, and hands it to {@link Training}. */
@Command(
    name = "train",
    description = {
      "Train one model with several workers.",
      "",
      "Without arguments it trains a small network on generated images, as a first look. The run's"
          + " folder gets the model, metrics, checkpoints, and a job.yaml that repeats the run."
    },
    sortOptions = false,
    customSynopsis = "Usage: dlion train [JOB.yaml] [OPTION]...",
    synopsisHeading = "",
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion train",
      "        a first look, no download, about a minute",
      "  dlion train --data photos --model resnet18 --time 30m",
      "        images in photos/CLASS/*.jpg, for half an hour",
      "  dlion train --data sales.csv --label price --model mlp --epochs 20",
      "        predict a column of a table",
      "  dlion train --link-mbit 20 --slow w3=4",
      "        see how training adapts to thin links and a slow worker",
      "  dlion train --preset baseline --set batching.initial=64",
      "        another method, one setting changed",
      "  dlion train job.yaml --workers 5",
      "        a job file with the same keys; flags win",
      "  dlion train --resume runs/latest --epochs 20",
      "        go on from the last checkpoint",
      "  dlion train --resume runs/latest --data more --epochs 2",
      "        learn on from new data: two epochs of it"
    })
public final class TrainCommand implements Callable<Integer> {
  private static final List<JobKey> FLAGS =
      Arrays.stream(JobKey.values()).filter(JobKey::isFlag).toList();

  private final KnownNames names;
  private final Training training;
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "JOB.yaml",
      description = "A job file: YAML with the names of the options below as keys. Flags win.")
  private @Nullable Path jobFile;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description =
          "Go on with a run from its last checkpoint; with --data from its model, with new data.")
  private @Nullable Path resume;

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description =
          "Settings that dlion tune has found for the preset, in place of the preset's and the job"
              + " file's; --set wins.")
  private @Nullable Path settings;

  @Option(names = "--dry-run", description = "Print the resolved job as YAML and stop.")
  private boolean dryRun;

  @Mixin private MetricsOptions metrics = new MetricsOptions();

  private TrainCommand(KnownNames names, Training training, Console console) {
    this.names = names;
    this.training = training;
    this.console = console;
  }

  /** The command with its flags. */
  public static CommandLine commandLine(KnownNames names, Training training, Console console) {
    CommandLine line = new CommandLine(new TrainCommand(names, training, console));
    JobFlag.addGroups(line.getCommandSpec(), FLAGS);
    return line;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandLine.ParseResult parsed = Objects.requireNonNull(spec).commandLine().getParseResult();
    JobSource source = new JobSource(jobFile, resume, settings);
    Draft flags = Draft.ofFlags(JobFlag.values(parsed, FLAGS));
    Job job = source.job(flags, names, console.err()::println);
    ServerName.require(job);
    if (dryRun) {
      List<String> comments = new ArrayList<>(Version.current().lines());
      comments.add("The resolved job; dlion train FILE runs it.");
      console.out().print(job.toYaml(comments));
      return 0;
    }
    boolean learnsOn = resume != null && flags.has(JobKey.DATA);
    Training chosen = learnsOn ? training.onNewData() : training;
    try (RunLock _ = RunLock.take(source.run(), console.err()::println)) {
      return metrics.serving(served ->
          served
              .map(chosen::telling)
              .orElse(chosen)
              .typed(Retyped.words(parsed, FLAGS))
              .run(job, Optional.ofNullable(resume), console));
    }
  }
}
