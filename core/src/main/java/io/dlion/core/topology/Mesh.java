package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everybody is everybody's neighbour: one hop, no worker relays gradients. That leaves no choice:
 * pairs without a direct line are neighbours like all others.
 */
public record Mesh() implements Topology {
  @Override
  public SortedMap<String, SortedSet<WorkerId>> neighbours(
      WorkerId self, SortedSet<WorkerId> members, Set<WorkerPair> relayed) {
    SortedSet<WorkerId> others = new TreeSet<>(members);
    others.remove(self);
    return others.isEmpty()
        ? Collections.emptySortedMap()
        : new TreeMap<>(Collections.singletonMap("all", others));
  }

  @Override
  public boolean relays() {
    return false;
  }
}
