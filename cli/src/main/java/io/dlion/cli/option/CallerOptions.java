package io.dlion.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags by which workers know who asks them something. */
public final class CallerOptions {
  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description =
          "A certificate of theirs: a folder that dlion certs issue made, an operator's (--operator)"
              + " where something is to change.")
  private @Nullable Path certificates;

  @Option(names = "--insecure", description = "The workers were started with --insecure.")
  private boolean insecure;

  /** Whether any of them was given. */
  public boolean areGiven() {
    return certificates != null || insecure;
  }

  /** The way to the workers whom these seeds lead to. */
  public Desks desks(String seeds) {
    return new Desks(seeds, certificates, insecure);
  }
}
