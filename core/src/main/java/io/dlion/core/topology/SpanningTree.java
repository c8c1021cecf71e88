package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The breadth-first tree of a graph from its least worker. Gradients travel along the tree alone
 * *(choice)*: links that would close a circle carry none, for over a circle sums come back to where
 * they were computed and cannot be told apart. Decentralised SGD (Lian et al., NIPS '17), which
 * averages weights over all links instead, needs them sent as well as gradients, and only brings
 * replicas close; along a tree every gradient reaches every replica once.
 *
 * <p>A ring is so cut open opposite its least worker (n − 1 hops from end to end); an exponential
 * graph has a tree of log₂ n levels. Where a graph is not connected, or has fallen apart, the least
 * worker of each other part is linked to the least of all: nobody trains alone.
 *
 * @param graph the links there are
 */
public record SpanningTree(Graph graph) implements Topology {
  @Override
  public SortedMap<String, SortedSet<WorkerId>> neighbours(
      WorkerId self, SortedSet<WorkerId> members) {
    SortedMap<String, SortedSet<WorkerId>> groups = new TreeMap<>();
    parents(new ArrayList<>(members))
        .forEach((child, parent) -> {
          if (child.equals(self)) {
            groups.put(parent.name(), new TreeSet<>(List.of(parent)));
          } else if (parent.equals(self)) {
            groups.put(child.name(), new TreeSet<>(List.of(child)));
          }
        });
    return groups;
  }

  /** The parent of every worker but the least one. */
  private Map<WorkerId, WorkerId> parents(List<WorkerId> members) {
    Map<WorkerId, Integer> places = new HashMap<>();
    for (int i = 0; i < members.size(); i++) {
      places.put(members.get(i), i);
    }
    WorkerId root = members.getFirst();
    Map<WorkerId, WorkerId> parents = new HashMap<>();
    for (WorkerId start : members) {
      if (!start.equals(root)) {
        if (parents.containsKey(start)) {
          continue;
        }
        parents.put(start, root);
      }
      Deque<WorkerId> open = new ArrayDeque<>(List.of(start));
      while (!open.isEmpty()) {
        WorkerId parent = open.remove();
        for (WorkerId child : graph.linked(places.getOrDefault(parent, 0), members)) {
          if (!child.equals(root) && parents.putIfAbsent(child, parent) == null) {
            open.add(child);
          }
        }
      }
    }
    return parents;
  }

  @Override
  public boolean relays() {
    return true;
  }
}
