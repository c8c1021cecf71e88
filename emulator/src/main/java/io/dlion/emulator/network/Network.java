package io.dlion.emulator.network;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.node.Priority;
import io.dlion.emulator.environment.DirectedLink;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SitedWorker;
import io.dlion.emulator.time.VirtualTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The links between the workers of an environment, in virtual time, as a fluid: while a link
 * carries something, it flows at the link's max-min fair share of the sender's access link (or LAN
 * port) and of the receiver's. A link keeps the order of messages of one priority; higher priority
 * goes first and interrupts. Bytes count as given: framing is the caller's.
 *
 * <p>Rates are worked out anew when a link becomes busy or idle and when a bandwidth changes, once
 * per instant and only among links that may share a port. Transfers end at the nearest nanosecond.
 * Nothing is random. Confined to the thread of its clock; callbacks come on it and may call back.
 */
public final class Network {
  private final Environment environment;
  private final VirtualTime time;
  private final Map<WorkerId, Member> members = new HashMap<>();
  private final List<Fabric> fabrics = new ArrayList<>();

  /** Made when they are first used: of 512 workers in a hierarchy, few ever talk. */
  private final @Nullable Way[][] ways;

  private record Member(int number, Ends lan, Ends wan) {}

  /**
   * Both directions of a worker's LAN port or access link.
   *
   * @param peers how many others it reaches by it
   */
  private record Ends(Fabric fabric, Port up, Port down, int peers) {
    double bytesPerSecondPerPeer() {
      return Math.min(up.capacity(), down.capacity()) / peers;
    }
  }

  private record Way(Link link, Fabric fabric) {}

  /** Ways that are narrower than their ends. */
  private final Map<DirectedLink, Port> narrows = new HashMap<>();

  private final Obstacles obstacles = new Obstacles();

  /** Those that pass other members at present. */
  private final Set<Way> relayed = new LinkedHashSet<>();

  /** The links of an environment as they are at the clock's present time, all idle. */
  public Network(Environment environment, VirtualTime time) {
    this.environment = environment;
    this.time = time;
    List<SitedWorker> workers = environment.workers();
    this.ways = new Way[workers.size()][workers.size()];
    Fabric wan = fabric();
    Map<String, Fabric> lans = new HashMap<>();
    Set<String> joined = joinedSites();
    for (SitedWorker worker : workers) {
      WorkerId id = worker.id();
      String site = joined.contains(worker.site()) ? "" : worker.site();
      Fabric lan = lans.computeIfAbsent(site, _ -> fabric());
      int near = (int) workers.stream().filter(w -> environment.isLan(id, w.id())).count();
      // What is relayed may pass both kinds of ports.
      LongToDoubleFunction lanRate = at -> environment.lanBytesPerSecond();
      Ends lanEnds = ends(environment.mayRelay() ? wan : lan, near - 1, lanRate, lanRate);
      Ends wanEnds =
          ends(
              wan,
              workers.size() - near,
              at -> environment.accessBytesPerSecond(id, at),
              at -> environment.accessDownBytesPerSecond(id, at));
      members.put(id, new Member(members.size(), lanEnds, wanEnds));
    }
    awaitBandwidthChange();
  }

  /** Sites with LAN ports to the outside are one LAN. */
  private Set<String> joinedSites() {
    Set<String> sites = new HashSet<>();
    for (SitedWorker worker : environment.workers()) {
      if (environment.hasLanAccess(worker.id())) {
        sites.add(worker.site());
      }
    }
    return sites;
  }

  private Fabric fabric() {
    Fabric fabric = new Fabric(time);
    fabrics.add(fabric);
    return fabric;
  }

  /** Rates in bytes per second at a time, up and down. */
  private Ends ends(
      Fabric fabric, int peers, LongToDoubleFunction upAt, LongToDoubleFunction downAt) {
    Port up = new Port(upAt, time.nowNanos());
    Port down = new Port(downAt, time.nowNanos());
    fabric.addSender(up);
    fabric.addReceiver(down);
    return new Ends(fabric, up, down, peers);
  }

  private void awaitBandwidthChange() {
    long next = environment.nextBandwidthChangeNanos(time.nowNanos());
    if (next != Long.MAX_VALUE) {
      time.at(
          next,
          () -> {
            fabrics.forEach(Fabric::refresh);
            awaitBandwidthChange();
          });
    }
  }

  /**
   * Sends a message.
   *
   * @param bytes as really encoded, framing included
   * @param left called when the last byte has left the sender
   * @param delivered called when it has arrived: the link's latency later
   */
  public void send(
      WorkerId from,
      WorkerId to,
      long bytes,
      Priority priority,
      Runnable left,
      Runnable delivered) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a message of " + bytes + " bytes");
    }
    Way way = way(from, to);
    way.link.add(new Message(bytes, priority, left, delivered));
    way.fabric.attend(way.link);
  }

  /** Whether a link has no message of a priority, neither waiting nor being sent. */
  public boolean idle(WorkerId from, WorkerId to, Priority priority) {
    Way way = known(from, to);
    return way == null || way.link.idle(priority);
  }

  /** How many messages wait on a link or are being sent. */
  public int queued(WorkerId from, WorkerId to) {
    Way way = known(from, to);
    return way == null ? 0 : way.link.queued();
  }

  /** How many bytes have left on a link since the beginning; part of a message counts. */
  public long bytesSent(WorkerId from, WorkerId to) {
    Way way = known(from, to);
    return way == null ? 0 : way.link.leftBytes(time.nowNanos());
  }

  /**
   * What a link can carry as far as it knows: bytes over the time it was busy, the last {@value
   * Goodput#WINDOW_SECONDS} busy seconds counting most. Before it has carried anything, what a
   * probe of all links at once finds: the narrower end's rate over the number of that end's peers.
   */
  public double goodputBytesPerSecond(WorkerId from, WorkerId to) {
    Way way = known(from, to);
    return way == null ? probe(from, to) : way.link.goodput(time.nowNanos());
  }

  /** A link carries nothing from now on; messages wait. What has left arrives. */
  public void cut(WorkerId from, WorkerId to) {
    obstacles.cut(from, to, true);
    review(way(from, to));
    relayed.forEach(this::review);
  }

  /** A link that was cut goes on where it stopped. */
  public void heal(WorkerId from, WorkerId to) {
    obstacles.cut(from, to, false);
    review(way(from, to));
    relayed.forEach(this::review);
  }

  /** Carries what it can, with the obstacles that there are now. */
  private void review(Way way) {
    boolean passes = obstacles.letPass(way.link.route().stations());
    way.link.cut(!passes);
    if (passes) {
      way.fabric.attend(way.link);
    } else {
      way.fabric.halt(way.link);
    }
  }

  // ---- who cannot reach whom, and relays

  /**
   * Two workers cannot reach each other directly from now on. Messages wait, until they are {@link
   * #route routed} another way or the two can reach each other again. What has left arrives.
   */
  public void sever(WorkerPair pair) {
    severed(pair, true);
  }

  /** One reason less why two cannot reach each other directly. */
  public void mend(WorkerPair pair) {
    severed(pair, false);
  }

  private void severed(WorkerPair pair, boolean isSevered) {
    obstacles.severed(pair, isSevered);
    review(way(pair.first(), pair.second()));
    review(way(pair.second(), pair.first()));
    relayed.forEach(this::review);
  }

  /** A worker that {@linkplain #drop(WorkerId) had crashed} is there again, and may relay. */
  public void revive(WorkerId worker) {
    obstacles.gone(worker, false);
    relayed.forEach(this::review);
  }

  /** Whether a worker stands still: what it relays for others waits. */
  public void still(WorkerId worker, boolean isStill) {
    obstacles.still(worker, isStill);
    relayed.forEach(this::review);
  }

  /**
   * From now on messages take another way; also those that wait, from where the first of them had
   * come to. What has left arrives before them. The link is probed again.
   *
   * @param over members that pass them on, in this order; nobody for the direct way
   */
  public void route(WorkerId from, WorkerId to, List<WorkerId> over) {
    List<WorkerId> stations = new ArrayList<>(over);
    stations.addFirst(from);
    stations.addLast(to);
    Way way = over.isEmpty() ? known(from, to) : way(from, to);
    if (way == null || way.link.route().stations().equals(stations)) {
      return;
    }
    way.fabric.halt(way.link);
    Goodput fresh = new Goodput(probe(stations));
    way.fabric.reroute(way.link, () -> way.link.reroute(routeOf(stations), fresh));
    if (over.isEmpty()) {
      relayed.remove(way);
    } else {
      relayed.add(way);
    }
    review(way);
  }

  /** What the direct way between two workers can carry at present, if it has to carry no more. */
  public double capacityBytesPerSecond(WorkerId from, WorkerId to) {
    return Math.min(
        environment.pathBytesPerSecond(from, to, time.nowNanos()),
        Math.min(ends(from, to).up.capacity(), ends(to, from).down.capacity()));
  }

  /**
   * A worker has crashed: everything from it and to it is lost, also what has left and not yet
   * arrived, and nobody is called back. Links that were cut stay cut; all of them are probed again.
   * What it was relaying for others waits, and its sender sends again what had not arrived.
   */
  public void drop(WorkerId worker) {
    for (SitedWorker other : environment.workers()) {
      if (!other.id().equals(worker)) {
        drop(worker, other.id());
        drop(other.id(), worker);
      }
    }
    obstacles.gone(worker, true);
    for (Way way : relayed) {
      if (way.link.route().isRelayedBy(worker)) {
        review(way);
        way.link.loseInFlight();
      }
    }
  }

  /** Everything on a link is lost, as if its sender or receiver had {@linkplain #drop crashed}. */
  public void drop(WorkerId from, WorkerId to) {
    Way way = known(from, to);
    if (way != null) {
      way.fabric.halt(way.link);
      way.link.drop(new Goodput(probe(way.link.route().stations())), time.nowNanos());
    }
  }

  /** What the thinnest part of a way has for it while everybody sends to everybody. */
  private double probe(List<WorkerId> stations) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i + 1 < stations.size(); i++) {
      least = Math.min(least, probe(stations.get(i), stations.get(i + 1)));
    }
    return least;
  }

  private double probe(WorkerId from, WorkerId to) {
    return Math.min(
        environment.pathBytesPerSecond(from, to, time.nowNanos()),
        Math.min(ends(from, to).bytesPerSecondPerPeer(), ends(to, from).bytesPerSecondPerPeer()));
  }

  /** The ends by which a worker reaches a peer. */
  private Ends ends(WorkerId worker, WorkerId peer) {
    return environment.isLan(worker, peer) ? member(worker).lan : member(worker).wan;
  }

  private @Nullable Way known(WorkerId from, WorkerId to) {
    return ways[member(from).number][member(to).number];
  }

  private Way way(WorkerId from, WorkerId to) {
    Way way = known(from, to);
    if (way == null) {
      way = build(from, to);
      ways[member(from).number][member(to).number] = way;
    }
    return way;
  }

  private Way build(WorkerId from, WorkerId to) {
    if (from.equals(to)) {
      throw new IllegalArgumentException(from + " has no link to itself");
    }
    List<WorkerId> stations = List.of(from, to);
    Link link = new Link(routeOf(stations), new Goodput(probe(stations)));
    return new Way(link, ends(from, to).fabric);
  }

  private Route routeOf(List<WorkerId> stations) {
    List<Port> ports = new ArrayList<>();
    long latencyNanos = 0;
    for (int i = 0; i + 1 < stations.size(); i++) {
      WorkerId from = stations.get(i);
      WorkerId to = stations.get(i + 1);
      ports.add(ends(from, to).up);
      ports.add(ends(to, from).down);
      narrow(from, to).ifPresent(ports::add);
      latencyNanos += environment.latencyNanos(from, to);
    }
    return new Route(stations, ports, latencyNanos);
  }

  /** Where the way between two workers is narrower than they are. */
  private Optional<Port> narrow(WorkerId from, WorkerId to) {
    if (environment.pathMbit(from, to).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        narrows.computeIfAbsent(
            new DirectedLink(from, to),
            _ -> {
              Port port =
                  new Port(at -> environment.pathBytesPerSecond(from, to, at), time.nowNanos());
              ends(from, to).fabric.addOwn(port);
              return port;
            }));
  }

  private Member member(WorkerId worker) {
    Member member = members.get(worker);
    if (member == null) {
      throw new IllegalArgumentException(environment.name() + " has no worker " + worker);
    }
    return member;
  }
}
