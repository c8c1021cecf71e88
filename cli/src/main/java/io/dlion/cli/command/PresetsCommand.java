package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Presets.Preset;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code dlion presets}: which there are, what is in one, how two differ. */
@Command(
    name = "presets",
    description = "List the presets, show every setting of one, or compare two.",
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion presets",
      "        a line for each preset",
      "  dlion presets dlion",
      "        every setting: its name for --set, value, range and meaning",
      "  dlion presets dlion baseline",
      "        where two presets differ"
    })
public final class PresetsCommand implements Runnable {
  private final Console console;

  @Parameters(
      arity = "0..2",
      paramLabel = "NAME",
      description = "A preset; or two, to see where they differ.")
  private List<String> names = List.of();

  /** The command. */
  public PresetsCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    List<Preset> presets = names.stream().map(Presets::find).toList();
    PresetText text = new PresetText(console);
    List<String> lines =
        switch (presets.size()) {
          case 0 -> text.list();
          case 1 -> text.settings(presets.getFirst());
          default -> text.differences(presets.getFirst(), presets.getLast());
        };
    lines.forEach(console.out()::println);
  }
}
