package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.core.UserError;
import io.dlion.monitor.comparison.report.AccuracyChart;
import io.dlion.monitor.comparison.report.AccuracyPanel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dlion chart}: draws accuracy over time of emulated methods for a document. */
@Command(
    name = "chart",
    description = "Draw accuracy over time of runs of dlion emulate, as SVG for a document.",
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = "  dlion chart runs/latest --environment hetero-sys-a,homo-b --output accuracy.svg")
public final class ChartCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "Run folders that dlion emulate left: they hold result.json and metrics.jsonl.")
  private List<Path> runs = List.of();

  @Option(
      names = "--environment",
      split = ",",
      paramLabel = "NAME",
      description = "A panel for each of these. Default: all of the runs.")
  private List<String> environments = List.of();

  @Option(names = "--output", paramLabel = "FILE", description = "Default: accuracy.svg.")
  private Path output = Path.of("accuracy.svg");

  /** The command. */
  public ChartCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    for (Path run : runs) {
      if (!Files.isRegularFile(run.resolve("result.json"))
          || !Files.isRegularFile(run.resolve("metrics.jsonl"))) {
        throw new UserError(
            run + ": expected a run folder of dlion emulate with result.json and metrics.jsonl");
      }
    }
    Files.writeString(output, AccuracyChart.of(chosen(AccuracyPanel.read(runs))));
    console.out().println("chart        " + output);
    console.out().flush();
    return 0;
  }

  private List<AccuracyPanel> chosen(List<AccuracyPanel> panels) {
    List<String> found = panels.stream().map(AccuracyPanel::environment).toList();
    List<AccuracyPanel> chosen = new ArrayList<>();
    for (String name : environments.isEmpty() ? found : environments) {
      int place = found.indexOf(name);
      if (place < 0) {
        throw new UserError("--environment: expected one of " + found + ", found " + name);
      }
      chosen.add(panels.get(place));
    }
    if (chosen.isEmpty()) {
      throw new UserError(runs + ": expected a run of dlion emulate, found no accuracies");
    }
    return chosen;
  }
}
