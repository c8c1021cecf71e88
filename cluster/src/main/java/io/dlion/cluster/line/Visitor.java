package io.dlion.cluster.line;

import io.dlion.cluster.security.Security;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks stations from outside: it calls them, directly or through others, and nobody has to call it.
 * Safe for several threads.
 */
public final class Visitor {
  private static final int HOPS_MAX = 3;

  private final Calls calls;
  private final Station self;
  private final Map<UUID, InetSocketAddress> reached = new ConcurrentHashMap<>();

  /**
   * Somebody who has called nobody yet.
   *
   * @param name as in its certificate
   * @param security none for plain connections
   */
  public Visitor(String name, Optional<Security> security) {
    this.calls = new Calls(security);
    this.self = new Station(UUID.randomUUID(), name, List.of());
  }

  /**
   * Asks seeds who there is.
   *
   * @return all they know, themselves first
   * @throws IOException where none of them answers
   */
  public List<Station> stations(Collection<InetSocketAddress> seeds, long millisMax)
      throws IOException, InterruptedException {
    Map<UUID, Station> found = new LinkedHashMap<>();
    List<Station> others = new ArrayList<>();
    Map<String, String> vain = new ConcurrentHashMap<>();
    CountDownLatch left = new CountDownLatch(seeds.size());
    for (InetSocketAddress seed : seeds) {
      Thread.startVirtualThread(() -> {
        try (Connection made = calls.call(Calls.dial(seed))) {
          Answer answer = Calls.ask(made, new Opening.Who());
          reached.put(answer.station().id(), seed);
          synchronized (found) {
            found.put(answer.station().id(), answer.station());
            others.addAll(answer.neighbours());
          }
        } catch (IOException e) {
          vain.put(seed.getHostString() + ':' + seed.getPort(), String.valueOf(e.getMessage()));
        } finally {
          left.countDown();
        }
      });
    }
    boolean _ = left.await(millisMax, TimeUnit.MILLISECONDS);
    synchronized (found) {
      if (found.isEmpty()) {
        throw new IOException(vain.isEmpty() ? "no answer" : vain.toString());
      }
      others.forEach(station -> found.putIfAbsent(station.id(), station));
      return List.copyOf(found.values());
    }
  }

  /**
   * Asks a station; blocks until it begins to answer.
   *
   * @return the answer, to be read to its end and closed
   * @throws IOException where it cannot be reached by any way, or does not answer
   */
  public InputStream ask(Station station, byte[] request) throws IOException {
    IOException why = new IOException("no way to " + station);
    List<Way> all = new ArrayList<>();
    InetSocketAddress known = reached.get(station.id());
    if (known != null) {
      all.add(() -> Calls.dial(known));
    } else {
      reached.values().forEach(relay -> all.add(() -> through(relay, station)));
      station.endpoints().forEach(endpoint -> all.add(() -> Calls.dial(endpoint.resolve())));
    }
    for (Way way : all) {
      try {
        return ask(way.stream(), station, request);
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
      return new Answered(made);
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /** Closes the connection with the stream. */
  private static final class Answered extends java.io.FilterInputStream {
    private final Connection connection;

    Answered(Connection connection) {
      super(connection.in());
      this.connection = connection;
    }

    @Override
    public void close() {
      connection.close();
    }
  }
}
