package io.dlion.cli;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Version;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code dlion} itself: without a command it shows what there is. */
@Command(
    name = "dlion",
    description = {
      "Train one model with several workers, over links and on machines of unequal speed.",
      "",
      "dlion train is the place to begin; dlion COMMAND --help explains a command."
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.Provider.class,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    optionListHeading = "%nOptions%n",
    parameterListHeading = "%nArguments%n",
    commandListHeading = "%nCommands%n",
    exitCodeListHeading = "%nExit codes%n",
    exitCodeList = {
      "0:done",
      "1:failed: the disk, the network, or a fault of DLion",
      "2:something in the command or its input is wrong; the message says what and where"
    },
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion train",
      "        a first look, no download, about a minute",
      "  dlion train --data photos --model resnet18 --workers 4",
      "        a network for your own images, in photos/CLASS/*.jpg",
      "  dlion presets",
      "        the methods to choose from"
    })
final class DlionCommand implements Runnable {
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  private boolean debug;

  DlionCommand(Console console) {
    this.console = console;
  }

  boolean debug() {
    return debug;
  }

  @Override
  public void run() {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    line.usage(line.getOut());
    console.out().flush();
  }
}
