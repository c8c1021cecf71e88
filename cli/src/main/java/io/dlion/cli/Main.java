package io.dlion.cli;

import io.dlion.cli.calibrate.CalibrateCommand;
import io.dlion.cli.certs.CertsCommand;
import io.dlion.cli.command.ChartCommand;
import io.dlion.cli.command.CheckCommand;
import io.dlion.cli.command.DataCommand;
import io.dlion.cli.command.EnvironmentsCommand;
import io.dlion.cli.command.EvaluateCommand;
import io.dlion.cli.command.ExportCommand;
import io.dlion.cli.command.ModelsCommand;
import io.dlion.cli.command.PresetsCommand;
import io.dlion.cli.command.RehearseCommand;
import io.dlion.cli.command.RelayCommand;
import io.dlion.cli.command.TrainCommand;
import io.dlion.cli.command.WorkerCommand;
import io.dlion.cli.console.Console;
import io.dlion.cli.emulate.EmulateCommand;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.model.EvaluateRun;
import io.dlion.cli.model.ExportRun;
import io.dlion.cli.operate.ModelCommand;
import io.dlion.cli.operate.OrderCommand;
import io.dlion.cli.operate.StatusCommand;
import io.dlion.cli.pack.PackageCommand;
import io.dlion.cli.plan.PlanCommand;
import io.dlion.cli.reproduce.ReproduceCommand;
import io.dlion.cli.run.TrainRun;
import io.dlion.cli.run.WorkerRun;
import io.dlion.cli.survey.SurveyCommand;
import io.dlion.cli.tune.TuneCommand;
import io.dlion.cluster.desk.Command;
import io.dlion.core.Shell;
import io.dlion.data.recognise.DataSets;
import io.dlion.engine.Models;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** The program: finds the command, runs it, and turns failures into one line and an exit code. */
public final class Main {
  private static final int HELP_COLUMNS = 100;

  private Main() {}

  /** Runs the command named by the arguments and ends the process with its exit code. */
  public static void main(String[] args) {
    Locale.setDefault(
        Locale.ROOT); // libraries write numbers too, and some locales have other digits
    Shell.calledAs(System.getProperty("dlion.command", "dlion"));
    Console console = Console.system();
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    if (!encoding.equals("UTF-8")) {
      console
          .err()
          .println(
              "warning: file names are read as "
                  + encoding
                  + "; set LC_ALL=C.UTF-8, or use the launcher, which does");
    }
    System.exit(run(args, console, commands(console)));
  }

  /** The commands that put the modules to work. */
  static List<CommandLine> commands(Console console) {
    KnownNames names =
        new KnownNames(
            Models.all().stream().map(Models.Model::name).toList(),
            List.copyOf(DataSets.generated().keySet()));
    return List.of(
        TrainCommand.commandLine(names, new TrainRun(), console),
        WorkerCommand.commandLine(names, new WorkerRun(), console),
        new CommandLine(new RelayCommand(console)),
        new CommandLine(new StatusCommand(console)),
        OrderCommand.commandLine(Command.STOP, console),
        OrderCommand.commandLine(Command.PAUSE, console),
        OrderCommand.commandLine(Command.RESUME, console),
        new CommandLine(new ModelCommand(console)),
        new CommandLine(new SurveyCommand(console)),
        EmulateCommand.commandLine(names, console),
        TuneCommand.commandLine(names, console),
        PlanCommand.commandLine(names, console),
        new CommandLine(new ReproduceCommand(names, console)),
        new CommandLine(new ChartCommand(console)),
        CalibrateCommand.commandLine(names, console),
        CertsCommand.commandLine(console),
        EvaluateCommand.commandLine(new EvaluateRun(names), console),
        new CommandLine(new ExportCommand(new ExportRun(), console)),
        new CommandLine(new CheckCommand(console)),
        new CommandLine(
            new RehearseCommand(console, (line, quiet) -> run(line, quiet, commands(quiet)))),
        new CommandLine(new PackageCommand(console)),
        DataCommand.commandLine(names, console),
        new CommandLine(new ModelsCommand(console)),
        new CommandLine(new EnvironmentsCommand(console)));
  }

  /**
   * Runs one command.
   *
   * @param commands further commands, beside those that need no other module
   * @return 0 if it succeeded, 2 for a mistake of the user, 1 for everything else
   */
  public static int run(String[] args, Console console, List<CommandLine> commands) {
    DlionCommand root = new DlionCommand(console);
    Failures failures = new Failures(console, root);
    CommandLine line = new CommandLine(root);
    for (CommandLine command : commands) {
      line.addSubcommand(command);
    }
    line.addSubcommand(new PresetsCommand(console));
    line.addSubcommand(new CommandLine.HelpCommand());
    line.setExpandAtFiles(false)
        .setUsageHelpWidth(HELP_COLUMNS)
        .setColorScheme(Help.defaultColorScheme(console.colour() ? Ansi.ON : Ansi.OFF))
        .setOut(new PrintWriter(console.out(), true, console.out().charset()))
        .setErr(new PrintWriter(console.err(), true, console.err().charset()))
        .setParameterExceptionHandler((e, a) -> failures.misused(e))
        .setExecutionExceptionHandler((e, c, r) -> failures.failed(e));
    try {
      return line.execute(args);
    } catch (Error e) {
      return failures.failed(e);
    }
  }
}
