package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Each worker is linked to the one before it and the one behind it, in the order of ids. */
public record Ring() implements Graph {
  @Override
  public SortedSet<WorkerId> linked(int place, List<WorkerId> members) {
    int n = members.size();
    SortedSet<WorkerId> linked = new TreeSet<>();
    linked.add(members.get((place + 1) % n));
    linked.add(members.get((place + n - 1) % n));
    linked.remove(members.get(place));
    return linked;
  }
}
