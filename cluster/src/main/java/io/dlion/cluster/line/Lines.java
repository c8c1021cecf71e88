package io.dlion.cluster.line;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lines to all others. Where a line is wanted and there is none, or nothing comes on it any
 * more, all ways are tried: where the other listens; asking it to call; and, a moment later,
 * through each station that has a line to it. While a line goes through another, the direct way is
 * tried again and again. Safe for several threads.
 */
final class Lines {
  /** The direct way has so much of a start before others are asked to forward ... */
  private static final long HEAD_START_MILLIS = 1000;

  /** ... or so much where a direct line has fallen silent. */
  private static final long SILENT_HEAD_START_MILLIS = 300;

  private static final long SEARCH_MILLIS_MAX = 3500;

  /** How many may forward one after the other. */
  private static final int HOPS_MAX = 3;

  private static final int PEERS_MAX = 1024;
  private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(6);
  private static final long PING_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  /** A line that is not used any more is closed when what is on its way has arrived. */
  private static final long GRACE_MILLIS = 2000;

  private final Supplier<Station> self;
  private final UUID id;
  private final Calls calls;
  private final Ways ways;
  private final PathWatch watch;
  private final Line.Listener listener;
  private final Lost lost;
  private final Map<UUID, Remote> peers = new ConcurrentHashMap<>();

  /** All that are read, with those that are not used any more. */
  private final Set<Line> open = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /** Is told when a station cannot be reached any more. */
  interface Lost {
    void unreachable(Station station, Channel channel);
  }

  /**
   * No lines yet.
   *
   * @param listener gets what comes on all lines
   */
  Lines(
      Supplier<Station> self,
      Calls calls,
      Ways ways,
      PathWatch watch,
      Line.Listener listener,
      Lost lost) {
    this.self = self;
    this.id = self.get().id();
    this.calls = calls;
    this.ways = ways;
    this.watch = watch;
    this.listener = listener;
    this.lost = lost;
  }

  // ---- who there is

  @Nullable Remote find(UUID station) {
    return peers.get(station);
  }

  /** All others that are known. */
  List<Remote> all() {
    return new ArrayList<>(peers.values());
  }

  /** Those with a direct line that has not fallen silent. */
  List<Remote> neighbours() {
    long now = System.nanoTime();
    return peers.values().stream().filter(peer -> peer.isNeighbour(now)).toList();
  }

  /**
   * What is known of a station of which somebody has told; null for this one, and if too many are.
   */
  @Nullable Remote heardOf(Station station) {
    if (station.id().equals(id)) {
      return null;
    }
    if (peers.size() >= PEERS_MAX && !peers.containsKey(station.id())) {
      return null; // of so many some are gone, and will be forgotten
    }
    Remote peer = peers.computeIfAbsent(station.id(), _ -> new Remote(id, station));
    peer.heardOf(station);
    return peer;
  }

  // ---- lines

  /** The line to use; looks for one where there is none, and waits for it at most so long. */
  Line line(Remote peer, Channel channel, long waitMillisMax)
      throws IOException, InterruptedException {
    Line line = peer.line(channel);
    if (line != null && !line.isClosed()) {
      return line;
    }
    search(peer, channel);
    return peer.await(channel, waitMillisMax);
  }

  /** A new line: it is used if both ends find it better than the one there is. */
  void offer(Line line) {
    Remote peer = heardOf(line.peer());
    open.add(line);
    if (peer == null || closed) { // whoever closes all after this looks at those that are open
      drop(line);
      return;
    }
    if (!peer.met(line.peer())) {
      watch.told(
          "refused "
              + line.peer().name()
              + ": it says it is the process of "
              + peer.station().name());
      drop(line);
      return;
    }
    long now = System.nanoTime();
    Remote.Offer offer = peer.offer(line, now);
    offer.unused().ifPresent(unused -> retire(unused, now));
    Thread.ofVirtual()
        .name("dlion-line-" + line.channel() + '-' + line.peer().name())
        .start(() -> {
          line.read(listener);
          open.remove(line);
        });
    if (offer.used() && line.channel() == Channel.CONTROL) {
      tell(peer, now);
      introduce(peer);
    }
  }

  private void drop(Line line) {
    line.close();
    open.remove(line);
  }

  private static void retire(Line line, long now) {
    if (line.silentNanos(now) > Remote.DOUBTFUL_NANOS) {
      line.close(); // whoever still writes to it is to try the other
      return;
    }
    var _ =
        Thread.startVirtualThread(() -> {
          try {
            Thread.sleep(GRACE_MILLIS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          line.leave();
        });
  }

  private void tell(Remote peer, long now) {
    peer.turned(now)
        .ifPresent(turn -> {
          if (turn.via().isPresent()) {
            watch.relayed(peer.station(), turn.via().get());
          } else {
            watch.direct(peer.station(), turn.relayedNanos());
          }
        });
  }

  /** Neighbours hear of a new one, and the new one of them. */
  private void introduce(Remote fresh) {
    Line toFresh = fresh.line(Channel.CONTROL);
    if (toFresh == null || !toFresh.direct()) {
      return;
    }
    for (Remote other : neighbours()) {
      Line line = other.line(Channel.CONTROL);
      if (other != fresh && line != null) {
        introduce(line, fresh.station());
        introduce(toFresh, other.station());
      }
    }
  }

  private static void introduce(Line to, Station who) {
    var _ =
        Thread.startVirtualThread(() -> {
          try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeShort(0);
            who.write(out);
            byte[] body = bytes.toByteArray();
            ByteBuffer.wrap(body).putShort((short) (body.length - Short.BYTES));
            to.signal(Line.Signal.INTRODUCE, body);
          } catch (IOException e) {
            // Its line is closed: it is introduced to others when it has another.
          }
        });
  }

  /** A line has ended. */
  void ended(Line line) {
    Remote peer = peers.get(line.peer().id());
    if (peer == null || !peer.ended(line) || closed) {
      return;
    }
    if (line.endedWell()) {
      return;
    }
    search(peer, line.channel());
  }

  // ---- looking for a way

  /** Looks for a line, unless somebody does, or has just done so in vain; does not wait. */
  void search(Remote peer, Channel channel) {
    if (closed || !peer.beginSearch(channel, System.nanoTime())) {
      return;
    }
    Thread.ofVirtual()
        .name("dlion-search-" + peer.station().name())
        .start(() -> {
          boolean found;
          try {
            tryAll(peer, channel);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            found = peer.endSearch(channel, System.nanoTime());
          }
          if (!found && !closed) {
            lost.unreachable(peer.station(), channel);
          }
        });
  }

  private void tryAll(Remote peer, Channel channel) throws InterruptedException {
    Attempts attempts = new Attempts(peer, channel);
    directly(peer, channel, attempts);
    boolean silent = peer.line(channel) != null;
    if (attempts.succeed(silent ? SILENT_HEAD_START_MILLIS : HEAD_START_MILLIS)) {
      return;
    }
    for (Remote neighbour : neighbours()) {
      if (neighbour != peer) {
        attempts.add(() -> through(neighbour, peer, channel));
      }
    }
    boolean _ = attempts.succeed(SEARCH_MILLIS_MAX);
  }

  /** Calls wherever the other listens, and asks it to call, should that lead nowhere. */
  private void directly(Remote peer, Channel channel, Attempts attempts) {
    for (Endpoint endpoint : peer.station().endpoints()) {
      attempts.add(() -> dial(endpoint.resolve(), endpoint, peer, channel));
    }
    for (Line line : peer.lines()) {
      attempts.add(() -> {
        line.signal(Line.Signal.DIAL, (byte) channel.ordinal());
        peer.awaitFresh(channel, Calls.CONNECT_MILLIS_MAX);
        return Optional.empty();
      });
    }
  }

  /** The other end cannot call this station, or has not managed to, and asks it to call. */
  void dialBack(Remote peer, Channel channel) {
    var _ =
        Thread.startVirtualThread(() -> {
          Attempts attempts = new Attempts(peer, channel);
          for (Endpoint endpoint : peer.station().endpoints()) {
            attempts.add(() -> dial(endpoint.resolve(), endpoint, peer, channel));
          }
        });
  }

  /** Tries a direct way to whoever is reached through another. */
  private void directAgain(Remote peer) {
    for (Channel channel : Channel.values()) {
      Line line = peer.line(channel);
      if (line != null && !line.direct()) {
        directly(peer, channel, new Attempts(peer, channel));
      }
    }
  }

  /** Something that makes a line, or throws. */
  private interface Attempt {
    Optional<Line> run() throws IOException;
  }

  /** Attempts that run beside each other; each offers the line that it makes. */
  private final class Attempts {
    private final Remote peer;
    private final Channel channel;
    private final List<Thread> threads = new ArrayList<>();

    Attempts(Remote peer, Channel channel) {
      this.peer = peer;
      this.channel = channel;
    }

    void add(Attempt attempt) {
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              attempt.run().ifPresent(Lines.this::offer);
            } catch (IOException e) {
              // Another may do better; if none does, the peer is told to be unreachable.
            }
          }));
    }

    /** Waits until a line is there, all have failed, or that time is over; whether there is one. */
    boolean succeed(long millisMax) throws InterruptedException {
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
      while (System.nanoTime() < until
          && !peer.hasFresh(channel, System.nanoTime())
          && threads.stream().anyMatch(Thread::isAlive)) {
        Thread.sleep(10);
      }
      return peer.hasFresh(channel, System.nanoTime());
    }
  }

  private Optional<Line> dial(InetSocketAddress to, Endpoint endpoint, Remote peer, Channel channel)
      throws IOException {
    Connection made = calls.call(Calls.dial(to));
    try {
      return Optional.of(open(made, peer, channel, Optional.empty()));
    } catch (RefusedException e) {
      made.close();
      if (endpoint.advertised() && !e.by().id().equals(peer.station().id())) {
        watch.told(bothAt(endpoint, peer.station().name(), e.by().name()));
      }
      throw e;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  private static String bothAt(Endpoint endpoint, String one, String other) {
    return one.equals(other)
        ? "two processes called " + one + " advertise " + endpoint
        : one
            + " advertises "
            + endpoint
            + ", where "
            + other
            + " is: give each its own --advertise";
  }

  private Optional<Line> through(Remote neighbour, Remote peer, Channel channel)
      throws IOException {
    var wanted = new Opening.Forward(peer.station().id(), self.get(), HOPS_MAX, List.of(id), true);
    Socket raw = ways.through(neighbour, wanted);
    Connection made = calls.call(raw);
    try {
      return Optional.of(open(made, peer, channel, Optional.of(neighbour.station())));
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  private Line open(Connection made, Remote peer, Channel channel, Optional<Station> via)
      throws IOException {
    Station wanted = peer.station();
    made.requireName(wanted);
    Answer answer = Calls.ask(made, new Opening.ForLine(channel, self.get(), wanted.id()));
    answer.neighbours().forEach(this::heardOf);
    return new Line(channel, answer.station(), via, true, made);
  }

  /**
   * Makes a control line to whoever listens there.
   *
   * @return who it is; this station itself where it is its own address
   */
  Station meet(InetSocketAddress seed) throws IOException {
    Connection made = calls.call(Calls.dial(seed));
    try {
      Answer answer =
          Calls.ask(made, new Opening.ForLine(Channel.CONTROL, self.get(), Opening.ANYBODY));
      if (answer.station().id().equals(id)) {
        made.close();
        return answer.station();
      }
      answer.neighbours().forEach(this::heardOf);
      offer(new Line(Channel.CONTROL, answer.station(), Optional.empty(), true, made));
      return answer.station();
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  // ---- time

  /**
   * Says that this station is there, and looks for other ways to those of whom nothing is heard.
   */
  void tick() {
    long now = System.nanoTime();
    for (Remote peer : peers.values()) {
      for (Line line : peer.lines()) {
        if (line.silentNanos(now) > LOST_NANOS) {
          line.close();
        } else {
          line.ping(now, PING_NANOS);
          if (line.silentNanos(now) > Remote.DOUBTFUL_NANOS) {
            search(peer, line.channel());
          }
        }
      }
      tell(peer, now);
      if (peer.directIsDue(now)) {
        directAgain(peer);
      }
    }
    peers.values().removeIf(peer -> peer.forgottenNanos(now) > FORGET_NANOS);
  }

  /** Says goodbye to all. */
  void close() {
    closed = true;
    List<Thread> leaving = new ArrayList<>();
    open.forEach(line -> leaving.add(Thread.startVirtualThread(line::leave)));
    for (Thread thread : leaving) {
      try {
        thread.join(1500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
