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

/**
 * How the workers of a cluster are reached.
 *
 * @param seeds where some of them listen, as it was given
 * @param certificates folder of the caller's certificate; none where nothing is encrypted
 * @param insecure whether it was said that nothing is encrypted
 */
public record Desks(String seeds, @Nullable Path certificates, boolean insecure) {
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
