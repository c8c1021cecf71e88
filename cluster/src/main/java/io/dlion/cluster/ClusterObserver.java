package io.dlion.cluster;

import io.dlion.cluster.line.Station;
import io.dlion.cluster.line.Visitor;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.MalformedMessageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Asks the workers of a cluster what they do; nobody has to reach whoever asks. */
public final class ClusterObserver {
  private static final long MILLIS_MAX = 2500;
  private static final int STATUS_BYTES_MAX = 1 << 20;

  private ClusterObserver() {}

  /**
   * What the workers do that can be reached; in the order of their names, empty if nobody answers.
   *
   * @param say is told of seeds that have no address
   * @throws UserError if none of the seeds has one
   */
  public static List<WorkerStatus> look(
      SeedHosts seeds, Optional<Security> security, Consumer<String> say)
      throws IOException, InterruptedException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (SeedHosts.Seed seed : seeds.all()) {
      InetSocketAddress address = new InetSocketAddress(seed.host(), seed.port());
      if (!address.isUnresolved()) {
        addresses.add(address);
      }
    }
    if (addresses.isEmpty()) {
      throw new UserError(
          "--seeds: no such host: "
              + String.join(", ", seeds.all().stream().map(SeedHosts.Seed::host).toList()));
    }
    Visitor visitor = new Visitor("observer", security);
    Map<WorkerId, WorkerStatus> answers = new TreeMap<>();
    List<Station> stations;
    try {
      stations = visitor.stations(addresses, MILLIS_MAX);
    } catch (IOException e) {
      return List.of();
    }
    List<Thread> asked = new ArrayList<>();
    for (Station station : stations) {
      asked.add(
          Thread.startVirtualThread(() -> {
            try (InputStream in = visitor.ask(station, new byte[0])) {
              byte[] bytes = in.readNBytes(STATUS_BYTES_MAX);
              WorkerStatus status = WorkerStatus.decode(bytes, 0, bytes.length);
              synchronized (answers) {
                answers.put(status.worker(), status);
              }
            } catch (IOException | MalformedMessageException e) {
              // Gone, a relay, or of another version: as good as no answer.
            }
          }));
    }
    long until = System.nanoTime() + MILLIS_MAX * 1_000_000;
    for (Thread thread : asked) {
      thread.join(Math.max(1, (until - System.nanoTime()) / 1_000_000));
    }
    synchronized (answers) {
      return List.copyOf(answers.values());
    }
  }
}
