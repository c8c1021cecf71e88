package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.cli.model.Exporting;
import io.dlion.cli.model.Exporting.Format;
import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dlion export}. */
@Command(
    name = "export",
    description = "Write the model of a run to a file that Python's torch can load.",
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion export runs/latest --format safetensors --output model.safetensors",
      "        weights by name: safetensors.torch.load_file(\"model.safetensors\")",
      "  dlion export runs/latest --format torchscript --output model.pt",
      "        weights and network: torch.jit.load(\"model.pt\")"
    })
public final class ExportCommand implements Callable<Integer> {
  private final Exporting exporting;
  private final Console console;

  @Mixin private RunParameter run = new RunParameter();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      description = "safetensors (weights by name) or torchscript (weights and network).")
  private String format = "";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The file to write; one that exists is replaced.")
  private @Nullable Path output;

  /** The command. */
  public ExportCommand(Exporting exporting, Console console) {
    this.exporting = exporting;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = run.folder();
    Path file = Objects.requireNonNull(output);
    requireWritable(file);
    return exporting.run(folder, format(format), file, console);
  }

  /** The writers would name a file of theirs that nobody asked for. */
  private static void requireWritable(Path file) {
    if (Files.isDirectory(file)) {
      throw new UserError("--output: " + file + ": expected a file, found a folder");
    }
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    if (!Files.isDirectory(folder)) {
      throw new UserError(
          "--output: " + file + ": there is no folder " + folder + "; make it first");
    }
  }

  private static Format format(String text) {
    for (Format format : Format.values()) {
      if (format.word().equals(text)) {
        return format;
      }
    }
    List<String> words = Arrays.stream(Format.values()).map(Format::word).toList();
    throw new UserError(
        "--format: expected "
            + String.join(" or ", words)
            + ", found \""
            + text
            + '"'
            + Nearest.hint(text, words));
  }
}
