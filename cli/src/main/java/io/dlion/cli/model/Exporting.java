package io.dlion.cli.model;

import io.dlion.cli.console.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Writes a trained model for other programs. */
@FunctionalInterface
public interface Exporting {
  /** What to write. */
  enum Format {
    /** Weights by name. */
    SAFETENSORS,
    /** Weights and network, for {@code torch.jit.load}. */
    TORCHSCRIPT;

    /** Its name as {@code --format} takes it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Exports the model of a run.
   *
   * @param run its folder
   * @param output the file to write; one that exists is replaced
   * @return the exit code
   * @throws IOException for a failure of the disk
   */
  int run(Path run, Format format, Path output, Console console) throws IOException;
}
