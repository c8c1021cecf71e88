package io.dlion.cli.option;

import io.dlion.cli.console.Console;
import io.dlion.cluster.desk.DeskClient;
import io.dlion.cluster.line.Visitor;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.transport.SeedHosts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of commands that ask the workers of a cluster something. */
public final class DeskOptions {
  @Option(
      names = "--seeds",
      required = true,
      paramLabel = "HOST:PORT,…",
      description = "Where some of the workers listen, by address or name.")
  private String seeds = "";

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description =
          "A certificate of theirs: a folder that dlion certs issue made, an operator's (--operator)"
              + " where something is to change.")
  private @Nullable Path certificates;

  @Option(names = "--insecure", description = "The workers were started with --insecure.")
  private boolean insecure;

  /** The seeds as they were given. */
  public String seeds() {
    return seeds;
  }

  /**
   * Opens the way to the workers.
   *
   * @throws io.dlion.core.UserError if the seeds or the certificate are not what they should be
   */
  public DeskClient open(Console console) throws IOException {
    SeedHosts hosts = SeedHosts.parse(seeds);
    Optional<Credentials> credentials = Certificates.ofCaller(certificates, insecure, console);
    return new Visitor(
        () -> hosts.addresses(line -> console.err().println("warning: " + line)),
        credentials.map(Security::of));
  }
}
