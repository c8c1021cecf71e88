package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.Durations;
import io.dlion.cli.model.Exporting;
import io.dlion.cli.model.Exporting.Format;
import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dlion export}. */
@Command(
    name = "export",
    description = {
      "Write the model of a run to a file that Python's torch can load.",
      "",
      "With --follow the file is replaced, whole, whenever a run that goes on has a newer model."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion export runs/latest --format safetensors --output model.safetensors",
      "        weights by name: safetensors.torch.load_file(\"model.safetensors\")",
      "  dlion export runs/latest --format torchscript --output model.pt",
      "        weights and network: torch.jit.load(\"model.pt\")",
      "  dlion export --follow runs/latest --every 60s --output model.pt",
      "        the newest model while training goes on, for another program to serve"
    })
public final class ExportCommand implements Callable<Integer> {
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final Exporting exporting;
  private final Console console;

  @Mixin private RunParameter run = new RunParameter();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "safetensors (weights by name) or torchscript (weights and network). Default: by the"
              + " ending of FILE.")
  private @Nullable String format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The file to write; one that exists is replaced.")
  private @Nullable Path output;

  @Option(
      names = "--follow",
      description =
          "Go on until the run has ended or Ctrl-C: write again whenever there is a newer model.")
  private boolean follow;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      description =
          "With --follow: the time between two looks, such as 90, 60s or 5m. Default: 60s")
  private @Nullable String every;

  /** The command. */
  public ExportCommand(Exporting exporting, Console console) {
    this.exporting = exporting;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path file = Objects.requireNonNull(output);
    Exporting.Output wanted = new Exporting.Output(format(file), file, time());
    Path folder = run.folder();
    requireWritable(file);
    return exporting.run(folder, wanted, console);
  }

  /** The time between two looks; empty where the run is not followed. */
  private Optional<Duration> time() {
    if (every == null) {
      return follow ? Optional.of(EVERY) : Optional.empty();
    }
    if (!follow) {
      throw new UserError("--every " + every + ": needs --follow; without it one file is written");
    }
    return Optional.of(Durations.atLeastOneSecond("--every", every));
  }

  private Format format(Path file) {
    if (format != null) {
      return named(format);
    }
    return Format.of(file)
        .orElseThrow(() ->
            new UserError(
                "--output "
                    + file
                    + ": expected a file that ends in .pt (torchscript) or .safetensors; or say"
                    + " which with --format"));
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

  private static Format named(String text) {
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
