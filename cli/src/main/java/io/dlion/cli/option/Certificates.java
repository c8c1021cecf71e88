package io.dlion.cli.option;

import io.dlion.cli.console.Console;
import io.dlion.cluster.security.Credentials;
import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code --certs} and {@code --insecure} mean. */
public final class Certificates {
  private Certificates() {}

  /**
   * The credentials in a folder; none where encryption was renounced.
   *
   * @throws UserError unless exactly one of the two was said
   */
  public static Optional<Credentials> load(@Nullable Path folder, boolean insecure, Console console)
      throws IOException {
    return load(folder, insecure, console, Credentials::load);
  }

  /**
   * The same for a command that asks workers something: an operator's folder will do, too.
   *
   * @throws UserError unless exactly one of the two was said
   */
  public static Optional<Credentials> ofCaller(
      @Nullable Path folder, boolean insecure, Console console) throws IOException {
    return load(folder, insecure, console, Credentials::ofCaller);
  }

  private interface Reader {
    Credentials read(Path folder) throws IOException;
  }

  private static Optional<Credentials> load(
      @Nullable Path folder, boolean insecure, Console console, Reader reader) throws IOException {
    if (insecure == (folder != null)) {
      throw new UserError(
          insecure
              ? "--insecure: contradicts --certs; leave one of them out"
              : "--certs: expected the folder of a certificate (dlion certs issue makes one), or"
                  + " --insecure, with which nothing is encrypted and everybody who reaches the"
                  + " ports is believed");
    }
    if (folder == null) {
      return Optional.empty();
    }
    Credentials credentials = reader.read(folder);
    credentials.warnings().forEach(warning -> console.err().println("warning: " + warning));
    credentials.whenRefused(line -> console.err().println("warning: " + line));
    return Optional.of(credentials);
  }
}
