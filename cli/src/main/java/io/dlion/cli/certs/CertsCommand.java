package io.dlion.cli.certs;

import io.dlion.cli.console.Console;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dlion certs}: without a further word it shows what there is. */
@Command(
    name = "certs",
    description = {
      "Make the certificates that workers on several machines know each other by.",
      "",
      "One private certificate authority (CA) issues a certificate to each worker. The folder of"
          + " the CA stays on one safe machine; each worker's machine gets the worker's folder, and"
          + " nothing else."
    },
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands%n",
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion certs init --dir certs",
      "        an authority, once",
      "  dlion certs issue shop-7 --dir certs",
      "        certs/shop-7, to be copied to the machine of worker shop-7",
      "  dlion certs show certs/shop-7",
      "        whose it is, and until when"
    })
public final class CertsCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  private CertsCommand() {}

  /** The command with those below it. */
  public static CommandLine commandLine(Console console) {
    return new CommandLine(new CertsCommand())
        .addSubcommand(new CommandLine(new InitCommand(console)))
        .addSubcommand(new CommandLine(new IssueCommand(console)))
        .addSubcommand(new CommandLine(new ShowCommand(console)));
  }

  @Override
  public void run() {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    line.usage(line.getOut());
  }
}
