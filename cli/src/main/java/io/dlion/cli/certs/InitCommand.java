package io.dlion.cli.certs;

import io.dlion.cli.console.Console;
import io.dlion.cluster.security.CertificateAuthority;
import io.dlion.core.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dlion certs init}. */
@Command(
    name = "init",
    description = {
      "Make a private certificate authority: DIR/ca.pem and its key, DIR/ca.key.",
      "",
      "Whoever has the key can make workers. Keep the folder on one machine, with a copy somewhere"
          + " safe."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = "  dlion certs init --dir certs")
final class InitCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Where to make it.")
  private @Nullable Path folder;

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "How long it is valid. Default: 3650, ten years.")
  private long days = 3650;

  InitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Path dir = Objects.requireNonNull(folder);
    CertificateAuthority.create(dir, Duration.ofDays(days), Instant.now());
    console.out().println(dir.resolve("ca.pem") + ": the authority, valid for " + days + " days");
    console.out().println(dir.resolve("ca.key") + ": its key; it stays here");
    console.out().println("Next: " + Shell.dlion("certs", "issue", "NAME", "--dir", dir));
    return 0;
  }
}
