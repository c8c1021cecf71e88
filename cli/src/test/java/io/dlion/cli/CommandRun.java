package io.dlion.cli;

import io.dlion.cli.certs.CertsCommand;
import io.dlion.cli.command.CheckCommand;
import io.dlion.cli.command.DataCommand;
import io.dlion.cli.command.EnvironmentsCommand;
import io.dlion.cli.command.EvaluateCommand;
import io.dlion.cli.command.ExportCommand;
import io.dlion.cli.command.TrainCommand;
import io.dlion.cli.console.Console;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.plan.PlanCommand;
import io.dlion.cli.run.Training;
import io.dlion.cli.tune.TuneCommand;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** Runs dlion commands inside a test, with seams that write down what they were asked for. */
public final class CommandRun {
  public static final KnownNames NAMES =
      new KnownNames(
          List.of("logistic", "mlp", "cnn", "cipher", "mobilenet", "resnet18", "char-lstm"),
          List.of("shapes", "blobs"));

  public final List<Job> jobs = new ArrayList<>();
  final List<Optional<Path>> resumed = new ArrayList<>();
  final List<String> others = new ArrayList<>();
  final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
  private Training training =
      (job, resume, console) -> {
        jobs.add(job);
        resumed.add(resume);
        return 0;
      };

  public CommandRun training(Training replacement) {
    training = replacement;
    return this;
  }

  public int run(String... args) {
    Console console = Console.plain(outBytes, errBytes);
    List<CommandLine> commands =
        List.of(
            TrainCommand.commandLine(NAMES, training, console),
            EvaluateCommand.commandLine(
                (run, data, reading, c) -> note("evaluate " + run + " " + data), console),
            new CommandLine(
                new ExportCommand(
                    (run, output, c) ->
                        note(
                            "export "
                                + run
                                + " "
                                + output.format()
                                + " "
                                + output.file()
                                + output.every().map(time -> " every " + time).orElse("")),
                    console)),
            DataCommand.commandLine(NAMES, console),
            TuneCommand.commandLine(NAMES, console),
            PlanCommand.commandLine(NAMES, console),
            CertsCommand.commandLine(console),
            new CommandLine(new CheckCommand(console)),
            new CommandLine(new EnvironmentsCommand(console)));
    return Main.run(args, console, commands);
  }

  private int note(String text) {
    others.add(text);
    return 0;
  }

  public String out() {
    return outBytes.toString(StandardCharsets.UTF_8);
  }

  public String err() {
    return errBytes.toString(StandardCharsets.UTF_8);
  }
}
