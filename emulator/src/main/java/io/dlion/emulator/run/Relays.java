package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleBiFunction;

/**
 * Finds who passes messages on between two members that cannot reach each other: as few others as
 * will do; of several ways the one whose thinnest line carries most; of several of these the one
 * with the least names.
 *
 * @param members all live ones
 * @param direct whether two reach each other without others
 * @param bytesPerSecond what a direct line carries
 */
record Relays(
    SortedSet<WorkerId> members,
    BiPredicate<WorkerId, WorkerId> direct,
    ToDoubleBiFunction<WorkerId, WorkerId> bytesPerSecond) {
  private record Way(double bytesPerSecond, List<WorkerId> stations) {}

  /** Those between two members, in their order; empty where no way leads from one to another. */
  Optional<List<WorkerId>> between(WorkerId from, WorkerId to) {
    Map<WorkerId, Way> ways = new HashMap<>();
    Map<WorkerId, Way> last = Map.of(from, new Way(Double.POSITIVE_INFINITY, List.of(from)));
    while (!last.isEmpty() && !ways.containsKey(to)) {
      ways.putAll(last);
      Map<WorkerId, Way> next = new TreeMap<>();
      for (WorkerId member : members) {
        if (!ways.containsKey(member)) {
          last.values().forEach(way -> extend(way, member, next));
        }
      }
      last = next;
    }
    return Optional.ofNullable(ways.get(to))
        .map(way -> List.copyOf(way.stations.subList(1, way.stations.size() - 1)));
  }

  /** Leads a way on to a member, where no better one does. */
  private void extend(Way way, WorkerId member, Map<WorkerId, Way> best) {
    WorkerId end = way.stations.getLast();
    if (direct.test(end, member)) {
      double rate = Math.min(way.bytesPerSecond, bytesPerSecond.applyAsDouble(end, member));
      Way before = best.get(member);
      if (before == null || rate > before.bytesPerSecond) {
        List<WorkerId> stations = new ArrayList<>(way.stations);
        stations.add(member);
        best.put(member, new Way(rate, stations));
      }
    }
  }
}
