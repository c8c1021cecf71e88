package io.dlion.emulator.network;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SitedWorker;
import io.dlion.emulator.time.VirtualTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
      Ends lanEnds = ends(lan, near - 1, at -> environment.lanBytesPerSecond());
      Ends wanEnds =
          ends(wan, workers.size() - near, at -> environment.accessBytesPerSecond(id, at));
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

  private Ends ends(Fabric fabric, int peers, LongToDoubleFunction bytesPerSecondAt) {
    Port up = new Port(bytesPerSecondAt, time.nowNanos());
    Port down = new Port(bytesPerSecondAt, time.nowNanos());
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
    way.link.add(new Message(bytes, left, delivered), priority);
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
    Way way = way(from, to);
    way.link.cut(true);
    way.fabric.halt(way.link);
  }

  /** A link that was cut goes on where it stopped. */
  public void heal(WorkerId from, WorkerId to) {
    Way way = way(from, to);
    way.link.cut(false);
    way.fabric.attend(way.link);
  }

  /**
   * A worker has crashed: everything from it and to it is lost, also what has left and not yet
   * arrived, and nobody is called back. Links that were cut stay cut; all of them are probed again.
   */
  public void drop(WorkerId worker) {
    for (SitedWorker other : environment.workers()) {
      if (!other.id().equals(worker)) {
        drop(worker, other.id());
        drop(other.id(), worker);
      }
    }
  }

  /** Everything on a link is lost, as if its sender or receiver had {@linkplain #drop crashed}. */
  public void drop(WorkerId from, WorkerId to) {
    Way way = known(from, to);
    if (way != null) {
      way.fabric.halt(way.link);
      way.link.drop(new Goodput(probe(from, to)), time.nowNanos());
    }
  }

  private double probe(WorkerId from, WorkerId to) {
    boolean lan = environment.isLan(from, to);
    Ends one = lan ? member(from).lan : member(from).wan;
    Ends other = lan ? member(to).lan : member(to).wan;
    return Math.min(
        environment.pathBytesPerSecond(from, to, time.nowNanos()),
        Math.min(one.bytesPerSecondPerPeer(), other.bytesPerSecondPerPeer()));
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
    boolean lan = environment.isLan(from, to);
    Ends sender = lan ? member(from).lan : member(from).wan;
    Ends receiver = lan ? member(to).lan : member(to).wan;
    LongToDoubleFunction rate = at -> environment.pathBytesPerSecond(from, to, at);
    Port own = null;
    if (Double.isFinite(rate.applyAsDouble(time.nowNanos()))) {
      own = new Port(rate, time.nowNanos());
      sender.fabric.addOwn(own);
    }
    Goodput goodput = new Goodput(probe(from, to));
    long latencyNanos = environment.latencyNanos(from, to);
    Link link = new Link(sender.up, receiver.down, own, latencyNanos, goodput);
    return new Way(link, sender.fabric);
  }

  private Member member(WorkerId worker) {
    Member member = members.get(worker);
    if (member == null) {
      throw new IllegalArgumentException(environment.name() + " has no worker " + worker);
    }
    return member;
  }
}
