package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.engine.Models;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code dlion models}. */
@Command(
    name = "models",
    description = "List the built-in models.",
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion train --model cnn",
      "        one of them",
      "  dlion train --model net.pt",
      "        a TorchScript file exported by Python: torch.jit.script(net).save('net.pt')"
    })
public final class ModelsCommand implements Callable<Integer> {
  private final Console console;

  /** The command. */
  public ModelsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    for (Models.Model m : Models.all()) {
      console
          .out()
          .println(
              String.format(
                  Locale.ROOT,
                  "%-10s %s%n           %s; %,d parameters for %s",
                  m.name(),
                  m.meaning(),
                  m.takes(),
                  m.parameters(),
                  m.typicalInput()));
    }
    console.out().println();
    console
        .out()
        .println(
            "auto       picks cnn for images, mlp for tables, lstm for series, char-lstm for text");
    console
        .out()
        .println(
            "FILE       a TorchScript file (.pt, .pth or any other ending) is trained as it is");
    return 0;
  }
}
