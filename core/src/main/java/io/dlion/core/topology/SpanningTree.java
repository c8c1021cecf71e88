package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
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
 * graph has a tree of log₂ n levels. Links of pairs that the network relays are left out: a ring
 * without one of its links is a chain all the same. Where a graph is then not connected, or has
 * fallen apart, the least worker of each other part that can is linked to the first worker of the
 * tree that it has a direct line to; where there is none, to the least of all: nobody trains alone.
 *
 * @param graph the links there are
 */
public record SpanningTree(Graph graph) implements Topology {
  @Override
  public SortedMap<String, SortedSet<WorkerId>> neighbours(
      WorkerId self, SortedSet<WorkerId> members, Set<WorkerPair> relayed) {
    SortedMap<String, SortedSet<WorkerId>> groups = new TreeMap<>();
    new Growth(new ArrayList<>(members), relayed)
        .parents()
        .forEach((child, parent) -> {
          if (child.equals(self)) {
            groups.put(parent.name(), new TreeSet<>(List.of(parent)));
          } else if (parent.equals(self)) {
            groups.put(child.name(), new TreeSet<>(List.of(child)));
          }
        });
    return groups;
  }

  /** A tree that grows from the least worker. */
  private final class Growth {
    private final List<WorkerId> members;
    private final Set<WorkerPair> relayed;
    private final Map<WorkerId, Integer> places = new HashMap<>();
    private final Map<WorkerId, WorkerId> parents = new HashMap<>();

    /** Those that the tree has reached, in the order in which it has. */
    private final SequencedSet<WorkerId> reached = new LinkedHashSet<>();

    Growth(List<WorkerId> members, Set<WorkerPair> relayed) {
      this.members = members;
      this.relayed = relayed;
      for (int i = 0; i < members.size(); i++) {
        places.put(members.get(i), i);
      }
    }

    /** The parent of every worker but the least one. */
    Map<WorkerId, WorkerId> parents() {
      WorkerId root = members.getFirst();
      reached.add(root);
      spread(root);
      while (reached.size() < members.size()) {
        graft(root);
      }
      return parents;
    }

    /** Follows direct links of the graph as far as they lead. */
    private void spread(WorkerId from) {
      Deque<WorkerId> open = new ArrayDeque<>(List.of(from));
      while (!open.isEmpty()) {
        WorkerId parent = open.remove();
        for (WorkerId child : graph.linked(places.getOrDefault(parent, 0), members)) {
          if (isDirect(parent, child) && reached.add(child)) {
            parents.put(child, parent);
            open.add(child);
          }
        }
      }
    }

    /** Links a part that the graph's direct links do not lead to. */
    private void graft(WorkerId root) {
      List<WorkerId> others = members.stream().filter(m -> !reached.contains(m)).toList();
      for (WorkerId other : others) {
        for (WorkerId parent : reached) {
          if (isDirect(parent, other)) {
            link(parent, other);
            return;
          }
        }
      }
      link(root, others.getFirst());
    }

    private void link(WorkerId parent, WorkerId child) {
      parents.put(child, parent);
      reached.add(child);
      spread(child);
    }

    private boolean isDirect(WorkerId a, WorkerId b) {
      return relayed.isEmpty() || !relayed.contains(new WorkerPair(a, b));
    }
  }

  @Override
  public boolean relays() {
    return true;
  }
}
