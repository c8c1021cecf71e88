package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.node.Event;
import io.dlion.emulator.network.Network;
import io.dlion.emulator.time.VirtualTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who reaches whom as far as workers have noticed: directly, over others, or not at all, so that
 * they take each other for gone. A pair that cannot reach each other notices that after {@value
 * #NOTICE_SECONDS} s; until then its messages wait. The same holds for a pair that can again. A
 * relay keeps its task as long as it can do it. Confined to its emulation.
 */
final class Paths {
  static final long NOTICE_SECONDS = 3;

  private static final long NOTICE_NANOS = NOTICE_SECONDS * 1_000_000_000;

  private final VirtualTime time;
  private final Network network;
  private final Observer observer;
  private final long newsNanos;
  private final Supplier<List<EmulatedWorker>> live;

  /** Pairs that cannot reach each other, and for how many reasons. */
  private final Map<WorkerPair, Integer> severed = new HashMap<>();

  /** When a pair could reach each other no more, or again. */
  private final Map<WorkerPair, Long> sinceNanos = new HashMap<>();

  private final Set<WorkerPair> noticed = new HashSet<>();

  /** Some who have lost sight of all others, whatever the network says. */
  private final List<Set<WorkerId>> splits = new ArrayList<>();

  private Set<WorkerPair> apart = Set.of();
  private final Map<WorkerPair, Integer> partings = new HashMap<>();
  private final SortedMap<WorkerPair, Relayed> relayed = new TreeMap<>();

  /** Pairs whose messages have come to take another way, and whose ends do not know yet. */
  private final Set<WorkerPair> rerouted = new TreeSet<>();

  private final Map<EmulatedWorker, Set<WorkerPair>> told = new HashMap<>();

  /**
   * A way over others.
   *
   * @param bytes that the two had sent each other before
   */
  private record Relayed(List<WorkerId> over, long sinceNanos, long bytes) {}

  /**
   * All reach all.
   *
   * @param newsNanos how long it takes until others hear how two reach each other
   * @param live those who are there
   */
  Paths(
      VirtualTime time,
      Network network,
      Observer observer,
      long newsNanos,
      Supplier<List<EmulatedWorker>> live) {
    this.time = time;
    this.network = network;
    this.observer = observer;
    this.newsNanos = newsNanos;
    this.live = live;
  }

  // ---- what happens

  /** Some pairs cannot reach each other from the beginning, and everybody knows. */
  void begin(Collection<WorkerPair> pairs) {
    sever(pairs);
    noticed.addAll(pairs);
    update();
    rerouted.clear();
  }

  /**
   * Some pairs cannot reach each other any more, for one reason more.
   *
   * @param then called when that is noticed
   */
  void sever(Collection<WorkerPair> pairs, Runnable then) {
    sever(pairs);
    time.after(NOTICE_NANOS, () -> notice(pairs, then));
  }

  private void sever(Collection<WorkerPair> pairs) {
    for (WorkerPair pair : pairs) {
      network.sever(pair);
      if (severed.merge(pair, 1, Integer::sum) == 1) {
        sinceNanos.put(pair, time.nowNanos());
      }
    }
  }

  /** There is one reason less why some pairs cannot reach each other. */
  void mend(Collection<WorkerPair> pairs, Runnable then) {
    for (WorkerPair pair : pairs) {
      network.mend(pair);
      if (severed.merge(pair, -1, Integer::sum) == 0) {
        sinceNanos.put(pair, time.nowNanos());
      }
    }
    time.after(NOTICE_NANOS, () -> notice(pairs, then));
  }

  private void notice(Collection<WorkerPair> pairs, Runnable then) {
    for (WorkerPair pair : pairs) {
      if (time.nowNanos() - sinceNanos.getOrDefault(pair, 0L) >= NOTICE_NANOS) {
        if (severed.getOrDefault(pair, 0) > 0) {
          noticed.add(pair);
        } else {
          noticed.remove(pair);
        }
      }
    }
    then.run();
  }

  /** Some and all others lose sight of each other. */
  void split(Set<WorkerId> some) {
    splits.add(some);
  }

  /** They see each other again, as far as this keeps them apart. */
  void unite(Set<WorkerId> some) {
    splits.remove(some);
  }

  // ---- what follows from it

  /** Whether two take each other for gone. */
  boolean areApart(WorkerId a, WorkerId b) {
    return !apart.isEmpty() && !a.equals(b) && apart.contains(new WorkerPair(a, b));
  }

  /** How often two have lost sight of each other so far. */
  int partings(WorkerId a, WorkerId b) {
    return partings.getOrDefault(new WorkerPair(a, b), 0);
  }

  /** Somebody who passes messages on. */
  Optional<WorkerId> relay() {
    return relayed.values().stream().findFirst().map(way -> way.over.getFirst());
  }

  /**
   * Finds ways between all who are there now; what is under way between those who have none is
   * lost.
   *
   * @return whether some see others than before
   */
  boolean update() {
    List<EmulatedWorker> workers = live.get();
    SortedSet<WorkerId> members = new TreeSet<>();
    workers.forEach(worker -> members.add(worker.id()));
    Relays relays = new Relays(members, this::areDirect, this::bytesPerSecond);
    Set<WorkerPair> parted = new TreeSet<>();
    SortedMap<WorkerPair, List<WorkerId>> ways = new TreeMap<>();
    for (WorkerPair pair : indirect(members)) {
      Relayed present = relayed.get(pair);
      Optional<List<WorkerId>> over =
          present != null && stillLeads(pair, present.over, members)
              ? Optional.of(present.over)
              : relays.between(pair.first(), pair.second());
      over.ifPresentOrElse(way -> ways.put(pair, way), () -> parted.add(pair));
    }
    reroute(ways);
    for (EmulatedWorker worker : workers) {
      parted.stream()
          .filter(pair -> pair.has(worker.id()) && !apart.contains(pair))
          .forEach(pair -> part(worker, pair));
    }
    boolean changes = !parted.equals(apart);
    apart = parted;
    return changes;
  }

  private List<WorkerPair> indirect(SortedSet<WorkerId> members) {
    List<WorkerPair> pairs = new ArrayList<>();
    if (!noticed.isEmpty() || !splits.isEmpty()) {
      for (WorkerId a : members) {
        for (WorkerId b : members.tailSet(a)) {
          if (!a.equals(b) && !areDirect(a, b)) {
            pairs.add(new WorkerPair(a, b));
          }
        }
      }
    }
    return pairs;
  }

  private boolean areDirect(WorkerId a, WorkerId b) {
    return !noticed.contains(new WorkerPair(a, b))
        && splits.stream().noneMatch(some -> some.contains(a) != some.contains(b));
  }

  private boolean stillLeads(WorkerPair pair, List<WorkerId> over, SortedSet<WorkerId> members) {
    WorkerId last = pair.first();
    for (WorkerId relay : over) {
      if (!members.contains(relay) || !areDirect(last, relay)) {
        return false;
      }
      last = relay;
    }
    return areDirect(last, pair.second());
  }

  /** What a line carries in its thinner direction. */
  private double bytesPerSecond(WorkerId a, WorkerId b) {
    return Math.min(network.capacityBytesPerSecond(a, b), network.capacityBytesPerSecond(b, a));
  }

  /** Messages take these ways, all others go directly. */
  private void reroute(SortedMap<WorkerPair, List<WorkerId>> ways) {
    for (WorkerPair pair : List.copyOf(relayed.keySet())) {
      if (!ways.containsKey(pair)) {
        route(pair, List.of());
      }
    }
    ways.forEach((pair, over) -> {
      Relayed present = relayed.get(pair);
      if (present == null || !present.over.equals(over)) {
        route(pair, over);
      }
    });
  }

  private void route(WorkerPair pair, List<WorkerId> over) {
    ended(pair, relayed.remove(pair));
    network.route(pair.first(), pair.second(), over);
    network.route(pair.second(), pair.first(), over.reversed());
    if (!over.isEmpty()) {
      relayed.put(pair, new Relayed(over, time.nowNanos(), bytes(pair)));
    }
    rerouted.add(pair);
  }

  private void ended(WorkerPair pair, @Nullable Relayed way) {
    if (way != null) {
      observer.relayed(pair, way.over, way.sinceNanos, time.nowNanos(), bytes(pair) - way.bytes);
    }
  }

  private long bytes(WorkerPair pair) {
    return network.bytesSent(pair.first(), pair.second())
        + network.bytesSent(pair.second(), pair.first());
  }

  private void part(EmulatedWorker worker, WorkerPair pair) {
    WorkerId other = pair.first().equals(worker.id()) ? pair.second() : pair.first();
    network.drop(worker.id(), other);
    worker.forget(other);
    if (pair.first().equals(worker.id())) {
      partings.merge(pair, 1, Integer::sum);
    }
  }

  /**
   * Tells nodes what they have not been told: at once those at both ends, the others a bit later.
   */
  void tell() {
    for (EmulatedWorker worker : live.get()) {
      if (!known(worker).equals(told.getOrDefault(worker, Set.of()))) {
        boolean near = rerouted.stream().anyMatch(pair -> pair.has(worker.id()));
        time.after(near ? 0 : newsNanos, () -> tell(worker));
      }
      rerouted.stream()
          .filter(pair -> pair.has(worker.id()) && !apart.contains(pair))
          .forEach(pair -> time.after(0, () -> measured(worker, pair)));
    }
    rerouted.clear();
  }

  private Set<WorkerPair> known(EmulatedWorker worker) {
    Set<WorkerPair> known = new TreeSet<>(relayed.keySet());
    known.removeIf(pair -> areApart(worker.id(), pair.first()));
    return known;
  }

  /** Tells a node at once, if it does not know. */
  void tell(EmulatedWorker worker) {
    Set<WorkerPair> now = known(worker);
    Set<WorkerPair> before = told.put(worker, now);
    if (!now.equals(before == null ? Set.of() : before)) {
      worker.handle(new Event.PathsChanged(0, now));
    }
  }

  private void measured(EmulatedWorker worker, WorkerPair pair) {
    WorkerId peer = pair.first().equals(worker.id()) ? pair.second() : pair.first();
    worker.handle(
        new Event.LinkMeasured(0, peer, network.goodputBytesPerSecond(worker.id(), peer)));
  }

  /** The run is over. */
  void end() {
    relayed.forEach(this::ended);
  }
}
