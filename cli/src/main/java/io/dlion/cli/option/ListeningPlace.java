package io.dlion.cli.option;

import io.dlion.cluster.line.Endpoint;
import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.transport.SeedHosts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code --bind} and {@code --advertise}. */
public final class ListeningPlace {
  private ListeningPlace() {}

  /**
   * Where a process listens, and what it tells others of that.
   *
   * @throws io.dlion.core.UserError where one of the two is no {@code HOST:PORT}
   */
  public static Whereabouts of(String bind, @Nullable String advertise) {
    return new Whereabouts(
        SeedHosts.address("--bind", bind),
        Optional.ofNullable(advertise)
            .map(text -> SeedHosts.one("--advertise", text))
            .map(seed -> new Endpoint(seed.host(), seed.port(), true)));
  }
}
