package io.dlion.cluster.line;

import io.dlion.cluster.desk.Contact;
import io.dlion.cluster.desk.DeskClient;
import io.dlion.cluster.security.Security;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks stations from outside: it calls them, directly or through others, and nobody has to call it.
 * Safe for several threads.
 */
public final class Visitor implements DeskClient {
  private static final int HOPS_MAX = 3;

  private final Calls calls;
  private final Station self;
  private final Supplier<List<InetSocketAddress>> seeds;
  private final Map<UUID, Station> stations = new ConcurrentHashMap<>();
  private final Map<UUID, InetSocketAddress> reached = new ConcurrentHashMap<>();
  private final Map<UUID, String> vain = new ConcurrentHashMap<>();
  private final Set<Answered> open = ConcurrentHashMap.newKeySet();

  /**
   * Somebody who has called nobody yet.
   *
   * @param seeds where some of the stations listen, looked up anew each time
   * @param security none for plain connections
   */
  public Visitor(Supplier<List<InetSocketAddress>> seeds, Optional<Security> security) {
    this.calls = new Calls(security);
    this.self = new Station(UUID.randomUUID(), "visitor", List.of());
    this.seeds = seeds;
  }

  /** {@inheritDoc} A seed where nobody answers is among them, too: asking it says why. */
  @Override
  public List<Contact> contacts(Duration wait) throws InterruptedException {
    Set<InetSocketAddress> silent = ConcurrentHashMap.newKeySet();
    List<InetSocketAddress> all = seeds.get();
    silent.addAll(all);
    Map<UUID, Contact> found = new LinkedHashMap<>();
    vain.clear();
    CountDownLatch left = new CountDownLatch(all.size());
    for (InetSocketAddress seed : all) {
      var _ =
          Thread.startVirtualThread(() -> {
            Map<UUID, Contact> met = new LinkedHashMap<>();
            try (Connection made = calls.call(Calls.dial(seed))) {
              Answer answer = Calls.ask(made, new Opening.Who());
              reached.put(answer.station().id(), seed);
              met.put(answer.station().id(), contact(answer.station()));
              answer.neighbours().forEach(other -> met.put(other.id(), contact(other)));
            } catch (IOException e) {
              Contact nobody = nobody(seed, String.valueOf(e.getMessage()));
              met.put(nobody.id(), nobody);
            } finally {
              silent.remove(seed);
              synchronized (found) {
                found.putAll(met);
              }
              left.countDown();
            }
          });
    }
    boolean _ = left.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    synchronized (found) {
      List<Contact> contacts = new ArrayList<>(found.values());
      silent.forEach(seed -> contacts.add(nobody(seed, "did not answer in time")));
      return contacts;
    }
  }

  private Contact nobody(InetSocketAddress seed, String why) {
    UUID id = UUID.randomUUID();
    vain.put(id, why);
    return new Contact(seed.getHostString() + ':' + seed.getPort(), id);
  }

  private Contact contact(Station station) {
    stations.put(station.id(), station);
    return new Contact(station.name(), station.id());
  }

  @Override
  public InputStream ask(Contact to, byte[] request) throws IOException {
    Station station = stations.get(to.id());
    if (station == null) {
      throw new IOException(vain.getOrDefault(to.id(), "no answer"));
    }
    IOException why = new IOException("no way to " + station);
    for (Way way : ways(station)) {
      try {
        return ask(way.stream(), station, request);
      } catch (RefusedException e) {
        throw e;
      } catch (IOException e) {
        why = e;
      }
    }
    throw why;
  }

  /** A stream on which the station greets. */
  private interface Way {
    Socket stream() throws IOException;
  }

  private List<Way> ways(Station station) {
    InetSocketAddress known = reached.get(station.id());
    if (known != null) {
      return List.of(() -> Calls.dial(known));
    }
    List<Way> all = new ArrayList<>();
    reached.values().forEach(relay -> all.add(() -> through(relay, station)));
    station.endpoints().forEach(endpoint -> all.add(() -> Calls.dial(endpoint.resolve())));
    return all;
  }

  private Socket through(InetSocketAddress relay, Station station) throws IOException {
    Connection made = calls.call(Calls.dial(relay));
    try {
      Calls.ask(made, new Opening.Forward(station.id(), self, HOPS_MAX, List.of(self.id()), false));
      return made.socket();
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  private InputStream ask(Socket raw, Station station, byte[] request) throws IOException {
    Connection made = calls.call(raw);
    try {
      made.requireName(station);
      Answer answer = Calls.ask(made, new Opening.Ask(request));
      if (!answer.station().id().equals(station.id())) {
        throw new IOException("somebody else is there: " + answer.station().name());
      }
      Answered answered = new Answered(made);
      open.add(answered);
      return answered;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  @Override
  public void close() {
    List.copyOf(open).forEach(Answered::close);
  }

  /** Closes the connection with the stream. */
  private final class Answered extends FilterInputStream {
    private final Connection connection;

    Answered(Connection connection) {
      super(connection.in());
      this.connection = connection;
    }

    @Override
    public void close() {
      open.remove(this);
      connection.close();
    }
  }
}
