package io.dlion.cli.certs;

import io.dlion.cli.console.Console;
import io.dlion.cluster.security.CertificateAuthority;
import io.dlion.cluster.security.CertificateAuthority.Issued;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dlion certs issue}. */
@Command(
    name = "issue",
    description = {
      "Issue a worker's certificate: the folder DIR/NAME, to be copied to its machine.",
      "",
      "It holds cert.pem, its key key.pem, and ca.pem. No worker can speak under another name than"
          + " its certificate's. With --operator it is a person's who may stop, pause and resume the"
          + " cluster and take its model; it is no worker's."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion certs issue shop-7 --dir certs",
      "        a certificate for a year",
      "  dlion certs issue shop-7 --dir certs --days 90 --host 10.0.0.7",
      "        for a season, with an address for tools that look for one",
      "  dlion certs issue anna --operator --dir certs",
      "        for a person who runs the cluster: dlion stop, pause, resume and model take it"
    })
final class IssueCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "NAME",
      description = "The worker's name, as in dlion worker --name; with --operator a person's.")
  private @Nullable String name;

  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description = "The folder of the authority.")
  private @Nullable Path folder;

  @Option(
      names = "--operator",
      description =
          "For a person who may stop, pause and resume the cluster, and not for a worker.")
  private boolean operator;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description =
          "A name or address of its machine; may be repeated. Workers do not look at it: they may"
              + " move.")
  private List<String> hosts = List.of();

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "How long it is valid, with its authority at the longest. Default: 365.")
  private long days = 365;

  IssueCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (operator && !hosts.isEmpty()) {
      throw new UserError("--host: an operator's certificate is of no machine; leave it out");
    }
    WorkerId worker = new WorkerId(Objects.requireNonNull(name));
    Instant now = Instant.now();
    CertificateAuthority authority = CertificateAuthority.open(Objects.requireNonNull(folder), now);
    authority.warnings().forEach(warning -> console.err().println("warning: " + warning));
    Issued issued =
        operator
            ? authority.issueOperator(worker, Duration.ofDays(days), now)
            : authority.issue(worker, hosts, Duration.ofDays(days), now);
    console
        .out()
        .println(
            issued.folder()
                + (operator ? ": certificate of operator " : ": certificate of worker ")
                + worker
                + ", valid until "
                + issued.until().atZone(ZoneOffset.UTC).toLocalDate());
    console
        .out()
        .println(
            operator
                ? "Whoever has this folder may stop the cluster: give it to " + worker + " alone."
                : "Copy this folder to the worker's machine, and only there.");
    return 0;
  }
}
