package io.dlion.cli.certs;

import io.dlion.cli.console.Console;
import io.dlion.cluster.security.CertificateFacts;
import io.dlion.core.Phrase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code dlion certs show}. */
@Command(
    name = "show",
    description = "Show whose certificates are in a file or folder, and until when they are valid.",
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {"  dlion certs show certs/shop-7", "        a worker's, and its authority's"})
final class ShowCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "FILE|DIR",
      description = "A PEM file of certificates, or a folder that dlion certs made.")
  private @Nullable Path path;

  ShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Instant now = Instant.now();
    String between = "";
    for (CertificateFacts facts : CertificateFacts.read(Objects.requireNonNull(path))) {
      console.out().print(between);
      show(facts, now);
      between = System.lineSeparator();
    }
    return 0;
  }

  private void show(CertificateFacts facts, Instant now) {
    line("file", facts.file());
    line(kind(facts), facts.name());
    line("valid", day(facts.from()) + " to " + day(facts.until()) + ", " + state(facts, now));
    if (!facts.hosts().isEmpty()) {
      line("hosts", String.join(", ", facts.hosts()));
    }
    line("issued by", facts.issuer());
    line("SHA-256", facts.fingerprint());
  }

  private static String kind(CertificateFacts facts) {
    if (facts.authority()) {
      return "authority";
    }
    return facts
        .holder()
        .map(holder -> holder.mayOperate() ? "operator" : "worker")
        .orElse("no worker's");
  }

  private void line(String what, Object value) {
    console.out().println(Phrase.of("%-12s", what) + value);
  }

  private static String day(Instant time) {
    return time.atZone(ZoneOffset.UTC).toLocalDate().toString();
  }

  private static String state(CertificateFacts facts, Instant now) {
    if (!now.isBefore(facts.until())) {
      return "expired";
    }
    return now.isBefore(facts.from())
        ? "not yet"
        : Duration.between(now, facts.until()).toDays() + " days left";
  }
}
