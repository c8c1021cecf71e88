package io.dlion.core.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Relays something from a worker to all others by the rule of {@link Topology}. */
public final class Flood {
  private Flood() {}

  /** How many hops everybody is away; fails where something arrives a second time. */
  public static Map<WorkerId, Integer> hops(
      Topology topology, WorkerId origin, SortedSet<WorkerId> members) {
    return hops(topology, origin, members, Set.of());
  }

  /** The same where some pairs have no direct line. */
  static Map<WorkerId, Integer> hops(
      Topology topology, WorkerId origin, SortedSet<WorkerId> members, Set<WorkerPair> relayed) {
    record Arrival(WorkerId at, WorkerId from) {}
    Map<WorkerId, Integer> hops = new HashMap<>(Map.of(origin, 0));
    Deque<Arrival> open = new ArrayDeque<>();
    open.add(new Arrival(origin, origin));
    while (!open.isEmpty()) {
      Arrival arrival = open.remove();
      SortedMap<String, SortedSet<WorkerId>> groups =
          topology.neighbours(arrival.at, members, relayed);
      for (SortedSet<WorkerId> group : groups.values()) {
        for (WorkerId to : group.contains(arrival.from) ? new TreeSet<WorkerId>() : group) {
          assertThat(topology.neighbours(to, members, relayed).values())
              .as("neighbours are so mutually")
              .anyMatch(g -> g.contains(arrival.at));
          assertThat(hops.put(to, hops.getOrDefault(arrival.at, 0) + 1))
              .as("%s gets it again", to)
              .isNull();
          open.add(new Arrival(to, arrival.at));
        }
      }
    }
    return hops;
  }
}
