package io.dlion.cluster.line;

import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.desk.Desk;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.survey.LineFacts;
import io.dlion.cluster.survey.ProbeLimits;
import io.dlion.core.Phrase;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process's connections to all others: one port where it listens, and a line to each other
 * station for each channel, made when it is first needed. Lines are direct where that can be, and
 * go through others where it cannot: whoever can be reached by anybody is reached by all. A station
 * forwards for others, too. Safe for several threads.
 *
 * <p>What others say of themselves is believed as far as their certificates go; what they may cost
 * is bounded.
 */
public final class Switchboard implements AutoCloseable {
  private static final long TICK_MILLIS = 250;
  private static final int TELL_TICKS = 4;
  private static final long MEET_MILLIS_MAX = 2000;
  private static final int PROBES_MAX = 64;

  private final UUID id = UUID.randomUUID();
  private final String name;
  private final Whereabouts place;
  private final Calls calls;
  private final Ways ways;
  private final Lines lines;
  private final Forwarder forwarder;
  private final Watching watch = new Watching();
  private final Map<Channel, Receiver> receivers = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, UUID> met = new ConcurrentHashMap<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("dlion-lines").daemon().factory());
  private volatile @Nullable Doorway doorway;
  private volatile @Nullable Desk desk;
  private volatile Allowance allowance = Allowance.NONE;
  private volatile Supplier<Optional<String>> unmeasurable = () -> Optional.of("it is no worker");
  private final Semaphore probes = new Semaphore(PROBES_MAX);

  /** What others want for as long as this station is there: to be forwarded, or to measure. */
  private final Set<Connection> served = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;
  private int ticks; // of the ticker's thread

  /**
   * One that does not listen yet.
   *
   * @param name of the worker or relay, as in its certificate
   * @param place where it is to listen
   * @param security none for plain connections
   */
  public Switchboard(String name, Whereabouts place, Optional<Security> security) {
    this.name = name;
    this.place = place;
    this.calls = new Calls(security);
    this.ways = new Ways(calls, this::self);
    this.lines =
        new Lines(
            this::self,
            calls,
            ways,
            watch,
            new Incoming(),
            (station, channel) -> {
              Receiver receiver = receivers.get(channel);
              if (receiver != null) {
                receiver.unreachable(station);
              }
            });
    this.forwarder = new Forwarder(lines, ways, watch, () -> allowance);
  }

  /**
   * Listens, and forwards for others from now on.
   *
   * @throws IOException where it cannot listen there, with what that needs
   */
  public void open() throws IOException {
    try {
      doorway = new Doorway(place.bind(), g -> greet(g.stranger(), Optional.empty(), g.over()));
    } catch (IOException e) {
      throw new IOException(cannotListen(place.bind()) + " (" + e.getMessage() + ')', e);
    }
    var _ =
        ticker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The machine says neither which address was wanted nor what may be wrong with it. */
  static String cannotListen(InetSocketAddress bind) {
    return Phrase.of(
        "--bind: cannot listen on %s, port %d: it must be an address of this machine, and the port"
            + " free",
        bind.getAddress().getHostAddress(), bind.getPort());
  }

  private void tick() {
    lines.tick();
    if (++ticks % TELL_TICKS == 0) {
      forwarder.tell();
    }
  }

  /** This process, with where it may be reached at the moment. */
  public Station self() {
    Doorway listens = doorway;
    return new Station(id, name, listens == null ? List.of() : place.endpoints(listens.port()));
  }

  /** From now on the messages of a channel go there; before they are lost. */
  public void attach(Channel channel, Receiver receiver) {
    receivers.put(channel, receiver);
  }

  /** Messages of a channel are lost from now on. */
  public void detach(Channel channel) {
    receivers.remove(channel);
  }

  /** What forwarding may send and take from now on, together with all else that it is for. */
  public void allow(Allowance forwarding) {
    allowance = forwarding;
  }

  /** Who is told from now on which ways have changed. */
  public void watch(PathWatch told) {
    watch.to = told;
  }

  /** Whoever wants to know at the moment. */
  private static final class Watching implements PathWatch {
    private volatile PathWatch to = PathWatch.NOBODY;

    @Override
    public void relayed(Station peer, Station via) {
      to.relayed(peer, via);
    }

    @Override
    public void direct(Station peer, long relayedNanos) {
      to.direct(peer, relayedNanos);
    }

    @Override
    public void forwards(String one, String other, boolean begins) {
      to.forwards(one, other, begins);
    }

    @Override
    public void told(String text) {
      to.told(text);
    }
  }

  /** Who answers requests from now on; without anybody they are refused. */
  public void desk(Desk answers) {
    desk = answers;
  }

  /** Says from now on why lines to this station are not to be measured; empty where they may. */
  public void measurable(Supplier<Optional<String>> unless) {
    unmeasurable = unless;
  }

  /**
   * Measures lines to other stations, all at the same time.
   *
   * @param targets stations that this one has met
   * @param limits of each line
   * @return in the order of the targets
   */
  public List<LineFacts> measure(List<UUID> targets, ProbeLimits limits)
      throws InterruptedException {
    return new Prober(calls, ways, lines, this::self, () -> allowance).measure(targets, limits);
  }

  // ---- others

  /**
   * Calls those who listen there and have no line to this station yet; waits for the first answers,
   * {@value #MEET_MILLIS_MAX} ms at most.
   *
   * @return what hinders, for each of those that could not be reached
   */
  public Map<InetSocketAddress, String> meet(Collection<InetSocketAddress> seeds) {
    List<InetSocketAddress> unmet = seeds.stream().filter(seed -> !isMet(seed)).toList();
    Map<InetSocketAddress, String> vain = new ConcurrentHashMap<>();
    CountDownLatch left = new CountDownLatch(unmet.size());
    for (InetSocketAddress seed : unmet) {
      vain.put(seed, "no answer");
      var _ =
          Thread.startVirtualThread(() -> {
            try {
              met.put(seed, lines.meet(seed).id());
              vain.remove(seed);
            } catch (IOException e) {
              vain.put(seed, String.valueOf(e.getMessage()));
            } finally {
              left.countDown();
            }
          });
    }
    try {
      boolean _ = left.await(MEET_MILLIS_MAX, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Map.copyOf(vain);
  }

  private boolean isMet(InetSocketAddress seed) {
    UUID there = met.get(seed);
    if (there == null) {
      return false;
    }
    Remote peer = lines.find(there);
    return there.equals(id) || (peer != null && peer.line(Channel.CONTROL) != null);
  }

  /** All others that this one has met or heard of. */
  public List<Station> known() {
    return lines.all().stream().map(Remote::station).toList();
  }

  /** How others are reached to whom there is a line. */
  public List<Path> paths() {
    long now = System.nanoTime();
    List<Path> paths = new ArrayList<>();
    lines.all().forEach(peer -> peer.path(now).ifPresent(paths::add));
    return paths;
  }

  /** Between whom this station forwards: pairs of names. */
  public List<List<String>> forwardsFor() {
    return forwarder.pairs().stream().map(pair -> List.of(pair.one(), pair.other())).toList();
  }

  /**
   * Sends a message; blocks while the network takes no more.
   *
   * @param waitMillisMax for a line, where there is none
   * @throws IOException where there is no way
   */
  public void send(
      Station to, Channel channel, byte[] bytes, int offset, int length, long waitMillisMax)
      throws IOException, InterruptedException {
    if (to.id().equals(id)) {
      return;
    }
    Remote peer = lines.heardOf(to);
    if (peer == null || closed) {
      throw new IOException("no way to " + to);
    }
    Line line = lines.line(peer, channel, waitMillisMax);
    try {
      line.send(bytes, offset, length);
    } catch (IOException e) {
      line.close();
      lines.ended(line);
      lines.line(peer, channel, waitMillisMax).send(bytes, offset, length);
    }
  }

  // ---- what comes

  /** Brings what comes on lines to whom it is for. */
  private final class Incoming implements Line.Listener {
    @Override
    public void message(Line line, DataInputStream in, int length) throws Exception {
      Receiver receiver = receivers.get(line.channel());
      if (receiver == null) {
        in.skipNBytes(length);
      } else {
        receiver.received(line.peer(), line.speaker(), in, length);
      }
    }

    @Override
    public void signal(Line line, Line.Signal signal, byte[] body) throws IOException {
      Remote peer = lines.find(line.peer().id());
      switch (signal) {
        case BRANCH -> {
          ByteBuffer token = ByteBuffer.wrap(body);
          UUID asked = new UUID(token.getLong(), token.getLong());
          var _ = Thread.startVirtualThread(() -> branch(line, asked));
        }
        case DIAL -> {
          if (peer != null) {
            lines.dialBack(peer, Channel.of(body[0]));
          }
        }
        case INTRODUCE ->
            lines.heardOf(Station.read(new DataInputStream(new ByteArrayInputStream(body))));
        case PING, GOODBYE -> {} // the line has taken care of them
      }
    }

    @Override
    public void closed(Line line) {
      lines.ended(line);
    }
  }

  /** A neighbour asks to be called, for somebody who wants to speak to this station. */
  private void branch(Line line, UUID token) {
    try {
      Connection made = calls.call(Calls.dial(line.remote()));
      try {
        made.requireName(line.peer());
        Calls.ask(made, new Opening.Branch(token));
      } catch (IOException e) {
        made.close();
        throw e;
      }
      greet(made.socket(), Optional.of(line.peer()), () -> {});
    } catch (IOException e) {
      // Whoever waits for it gives up after a while.
    }
  }

  /** Somebody calls: on a new connection, or on one that another station forwards. */
  private void greet(Socket stranger, Optional<Station> via, Runnable over) {
    try {
      Connection made = calls.greet(stranger);
      Opening opening = Opening.read(made.in());
      over.run();
      made.socket().setSoTimeout(0);
      serve(made, opening, via);
    } catch (IOException e) {
      close(stranger);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void serve(Connection made, Opening opening, Optional<Station> via) throws IOException {
    Station self = self();
    switch (opening) {
      case Opening.ForLine o -> line(made, o, via, self);
      case Opening.Forward o -> {
        whileOpen(
            made,
            () -> {
              if (o.lasting()) {
                made.requireName(o.from());
              }
              forwarder.forward(made, o, self);
            });
      }
      case Opening.Carried o -> {
        made.requireName(o.via());
        Framing.accept(made.out(), self, List.of());
        greet(made.socket(), Optional.of(o.via()), () -> {});
      }
      case Opening.Branch o -> {
        made.requireStation();
        Framing.accept(made.out(), self, List.of());
        if (!ways.called(o.token(), made)) {
          made.close();
        }
      }
      case Opening.Who _ -> {
        try (made) {
          Framing.accept(made.out(), self, reachable());
        }
      }
      case Opening.Ask o -> {
        try (made) {
          answer(made, o, self);
        }
      }
      case Opening.Probe o -> {
        whileOpen(
            made,
            () -> {
              made.requireName(o.from());
              probed(made, self);
            });
      }
    }
  }

  @FunctionalInterface
  private interface Service {
    void serve() throws IOException;
  }

  /** Serves until that is done, or this station is closed. */
  private void whileOpen(Connection made, Service service) throws IOException {
    served.add(made);
    try (made) {
      if (!closed) { // whoever closes this station after that finds the connection
        service.serve();
      }
    } finally {
      served.remove(made);
    }
  }

  private void line(Connection made, Opening.ForLine wanted, Optional<Station> via, Station self)
      throws IOException {
    try {
      made.requireName(wanted.from());
    } catch (IOException e) {
      Framing.refuse(made.out(), self, String.valueOf(e.getMessage()));
      made.close();
      return;
    }
    boolean another = !wanted.wanted().equals(Opening.ANYBODY) && !wanted.wanted().equals(id);
    if (another) {
      Framing.refuse(made.out(), self, "this is " + name);
      made.close();
      return;
    }
    Framing.accept(made.out(), self, neighbourStations());
    if (!wanted.from().id().equals(id)) {
      lines.offer(new Line(wanted.channel(), wanted.from(), via, false, made));
    }
  }

  private List<Station> reachable() {
    return paths().stream().map(Path::peer).toList();
  }

  private List<Station> neighbourStations() {
    return lines.neighbours().stream().map(Remote::station).toList();
  }

  /** Another station measures the line to this one. */
  private void probed(Connection made, Station self) throws IOException {
    Optional<String> why = unmeasurable.get();
    if (why.isPresent() || !probes.tryAcquire()) {
      Framing.refuse(made.out(), self, why.orElse("too many lines to it are measured"));
      return;
    }
    try {
      Framing.accept(made.out(), self, List.of());
      new ProbeStream(made, allowance).serve();
    } finally {
      probes.release();
    }
  }

  private void answer(Connection made, Opening.Ask asked, Station self) throws IOException {
    Desk answers = desk;
    if (answers == null) {
      Framing.refuse(made.out(), self, "it answers no questions");
      return;
    }
    Framing.accept(made.out(), self, List.of());
    answers.answer(made.speaker(), asked.request(), made.out());
    made.out().flush();
  }

  /** Says goodbye to all, serves nobody any more and does not listen. */
  @Override
  public void close() {
    closed = true;
    ticker.shutdownNow();
    Doorway listens = doorway;
    if (listens != null) {
      try {
        listens.close();
      } catch (IOException e) {
        // It is closed.
      }
    }
    served.forEach(Connection::close);
    lines.close();
  }
}
