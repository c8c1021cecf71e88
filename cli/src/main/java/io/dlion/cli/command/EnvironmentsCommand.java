package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code dlion environments}: which there are, and what is in one. */
@Command(
    name = "environments",
    description = "List the emulated environments, or show the workers and links of one.",
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion environments",
      "        a line for each environment",
      "  dlion environments hetero-sys-a",
      "        its workers, their cores and links, and how these change",
      "  dlion environments mine.yaml",
      "        checks a file of your own; environments/example.yaml explains the format"
    })
public final class EnvironmentsCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME|FILE",
      description = "An environment, or the YAML file of one.")
  private @Nullable String name;

  /** The command. */
  public EnvironmentsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    EnvironmentText text = new EnvironmentText(console);
    List<String> lines =
        name == null ? text.list(bundled()) : text.details(Environments.find(name));
    lines.forEach(console.out()::println);
    return 0;
  }

  private static List<Environment> bundled() throws IOException {
    List<Environment> environments = new ArrayList<>();
    for (String bundled : Environments.names()) {
      environments.add(Environments.find(bundled));
    }
    return environments;
  }
}
