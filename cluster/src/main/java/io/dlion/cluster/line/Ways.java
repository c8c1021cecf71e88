package io.dlion.cluster.line;

import java.io.IOException;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Streams to other stations: to where they listen; by asking them, over a line that stands, to
 * call; or through a station that forwards. Safe for several threads.
 */
final class Ways {
  private static final int BRANCH_MILLIS_MAX = 2000;
  private static final int BRANCHES_MAX = 1024;

  private final Calls calls;
  private final Supplier<Station> self;
  private final SecureRandom random = new SecureRandom();
  private final Map<UUID, CompletableFuture<Connection>> branches = new ConcurrentHashMap<>();

  Ways(Calls calls, Supplier<Station> self) {
    this.calls = calls;
    this.self = self;
  }

  /**
   * A stream to a neighbour, on which it greets whoever calls.
   *
   * @throws IOException where it is not there any more
   */
  Socket toNeighbour(Remote neighbour) throws IOException {
    Line line = neighbour.line(Channel.CONTROL);
    if (line == null || !line.direct()) {
      throw new IOException("no line to " + neighbour.station().name());
    }
    return line.dialedHere() ? Calls.dial(line.remote()) : branch(line);
  }

  /** Asks the other end of a line to call, since it cannot be called. */
  private Socket branch(Line line) throws IOException {
    UUID token = new UUID(random.nextLong(), random.nextLong());
    CompletableFuture<Connection> called = new CompletableFuture<>();
    if (branches.size() >= BRANCHES_MAX) {
      throw new IOException("too many calls under way");
    }
    branches.put(token, called);
    try {
      line.signal(Line.Signal.BRANCH, bytes(token));
      return called.get(BRANCH_MILLIS_MAX, TimeUnit.MILLISECONDS).socket();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(line.peer().name() + " did not call back", e);
    } finally {
      branches.remove(token);
      called.cancel(false);
    }
  }

  private static byte[] bytes(UUID token) {
    return java.nio.ByteBuffer.allocate(16)
        .putLong(token.getMostSignificantBits())
        .putLong(token.getLeastSignificantBits())
        .array();
  }

  /** Somebody calls because it was asked to; answers whether anybody waits for it. */
  boolean called(UUID token, Connection by) {
    CompletableFuture<Connection> waiting = branches.remove(token);
    return waiting != null && waiting.complete(by);
  }

  /** A connection to a neighbour, after its handshake. */
  Connection call(Remote neighbour) throws IOException {
    Connection made = calls.call(toNeighbour(neighbour));
    try {
      made.requireName(neighbour.station());
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /**
   * A stream through a neighbour to another station, on which that one greets whoever calls.
   *
   * @param wanted what the neighbour is asked for
   */
  Socket through(Remote neighbour, Opening.Forward wanted) throws IOException {
    Connection made = call(neighbour);
    try {
      Calls.ask(made, wanted);
      return made.socket();
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /**
   * A stream to a neighbour for somebody else, on which it greets whoever calls. It knows who
   * brings it.
   */
  Socket carriedTo(Remote neighbour) throws IOException {
    Line line = neighbour.line(Channel.CONTROL);
    if (line == null || !line.direct()) {
      throw new IOException("no line to " + neighbour.station().name());
    }
    if (!line.dialedHere()) {
      return branch(line);
    }
    Connection made = call(neighbour);
    try {
      Calls.ask(made, new Opening.Carried(self.get()));
      return made.socket();
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /**
   * A stream to a station that is no neighbour of the caller, on which it greets whoever calls:
   * over this station's own line to it, or through one of its neighbours.
   */
  Socket forwardTo(Opening.Forward wanted, @Nullable Remote target, List<Remote> neighbours)
      throws IOException {
    if (target != null && target.isNeighbour(System.nanoTime())) {
      return carriedTo(target);
    }
    List<UUID> visited = new ArrayList<>(wanted.visited());
    visited.add(self.get().id());
    visited.add(wanted.from().id());
    IOException why = new IOException("no line to it");
    if (wanted.hops() > 0) {
      for (Remote next : neighbours) {
        if (!visited.contains(next.station().id())) {
          try {
            return through(
                next,
                new Opening.Forward(
                    wanted.target(), wanted.from(), wanted.hops() - 1, visited, wanted.lasting()));
          } catch (IOException e) {
            why = e;
          }
        }
      }
    }
    throw why;
  }
}
