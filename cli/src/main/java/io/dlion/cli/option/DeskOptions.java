package io.dlion.cli.option;

import io.dlion.cli.console.Console;
import io.dlion.cluster.desk.DeskClient;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of commands that ask the workers of a cluster something. */
public final class DeskOptions {
  @Option(
      names = "--seeds",
      required = true,
      paramLabel = "HOST:PORT,…",
      description = "Where some of the workers listen, by address or name.")
  private String seeds = "";

  @Mixin private CallerOptions caller = new CallerOptions();

  /** The seeds as they were given. */
  public String seeds() {
    return seeds;
  }

  /** The way to the workers. */
  public Desks desks() {
    return caller.desks(seeds);
  }

  /**
   * Opens the way to the workers.
   *
   * @throws io.dlion.core.UserError if the seeds or the certificate are not what they should be
   */
  public DeskClient open(Console console) throws IOException {
    return desks().open(console);
  }
}
