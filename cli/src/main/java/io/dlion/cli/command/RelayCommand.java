package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.option.Certificates;
import io.dlion.cli.option.ListeningPlace;
import io.dlion.cluster.Relay;
import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dlion relay}: a process that only forwards. */
@Command(
    name = "relay",
    description = {
      "Forward between workers that cannot reach each other.",
      "",
      "Needed where no worker can be reached by the others: behind address translation and"
          + " firewalls outgoing connections to a relay are enough. Name it among the --seeds of all."
          + " It has no data and no model, and cannot read or change what goes through it: that is"
          + " encrypted from worker to worker. Every worker forwards, too, where it is needed."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion relay --bind 0.0.0.0:7800 --certs /etc/dlion/relay",
      "        with a certificate that dlion certs issue relay made",
      "  dlion relay --bind 0.0.0.0:7800 --advertise relay.example.org:443 --certs /etc/dlion/relay",
      "        behind a forwarded port"
    })
public final class RelayCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--bind",
      required = true,
      paramLabel = "HOST:PORT",
      description =
          "Where it listens: an address or name of this machine, or 0.0.0.0 or [::] for all that it"
              + " has.")
  private String bind = "";

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description = "Where others reach it, if that is not where it listens.")
  private @Nullable String advertise;

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description = "Its certificate: a folder that dlion certs issue made.")
  private @Nullable Path certificates;

  @Option(
      names = "--insecure",
      description = "Without encryption, for whoever asks: for trials on one machine.")
  private boolean insecure;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Its name. Default: that in its certificate; relay with --insecure.")
  private @Nullable String name;

  @Option(
      names = "--seeds",
      paramLabel = "HOST:PORT,…",
      description = "Other relays or workers to call. Default: those who need it call it.")
  private @Nullable String seeds;

  /** The command. */
  public RelayCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Whereabouts place = ListeningPlace.of(bind, advertise);
    Optional<SeedHosts> others = Optional.ofNullable(seeds).map(SeedHosts::parse);
    Optional<Credentials> credentials = Certificates.load(certificates, insecure, console);
    WorkerId self = name(credentials);
    CountDownLatch asked = new CountDownLatch(1);
    try (Interruption interruption = Interruption.thatIsMeant();
        Relay _ = Relay.open(self, place, others, credentials.map(Security::of), this::say)) {
      interruption.then(asked::countDown);
      say(self + " forwards at " + bind + " until Ctrl-C");
      asked.await();
    }
    return 0;
  }

  private WorkerId name(Optional<Credentials> credentials) {
    WorkerId given = new WorkerId(name == null ? "relay" : name);
    if (credentials.isEmpty()) {
      return given;
    }
    WorkerId certified = credentials.get().name();
    if (name != null && !certified.equals(given)) {
      throw new UserError(
          "--name " + name + ": the certificate in " + certificates + " is of " + certified);
    }
    return certified;
  }

  private void say(String line) {
    console.out().println(line);
    console.out().flush();
  }
}
