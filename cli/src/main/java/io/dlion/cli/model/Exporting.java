package io.dlion.cli.model;

import io.dlion.cli.console.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Writes a trained model for other programs. */
@FunctionalInterface
public interface Exporting {
  /** What to write. */
  enum Format {
    /** Weights by name. */
    SAFETENSORS(".*[.]safetensors"),
    /** Weights and network, for {@code torch.jit.load}. */
    TORCHSCRIPT(".*[.](pt|pth|ts|torchscript)");

    private final String names;

    Format(String names) {
      this.names = names;
    }

    /** Its name as {@code --format} takes it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The format that a file's ending stands for. */
    public static Optional<Format> of(Path file) {
      String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
      return Arrays.stream(values()).filter(format -> name.matches(format.names)).findFirst();
    }
  }

  /**
   * What is to be written.
   *
   * @param format of the file
   * @param file one that exists is replaced
   * @param every how long to wait before each look for a newer model; empty to write one and end
   */
  record Output(Format format, Path file, Optional<Duration> every) {}

  /**
   * Exports the model of a run.
   *
   * @param run its folder
   * @return the exit code
   * @throws IOException for a failure of the disk
   */
  int run(Path run, Output output, Console console) throws IOException, InterruptedException;
}
