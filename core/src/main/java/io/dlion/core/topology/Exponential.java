package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Each worker is linked to those 1, 2, 4, 8 … places before and behind it in the order of ids (the
 * static exponential graph, Ying et al., NeurIPS '21): any two are about log₂ n links apart.
 */
public record Exponential() implements Graph {
  @Override
  public SortedSet<WorkerId> linked(int place, List<WorkerId> members) {
    int n = members.size();
    SortedSet<WorkerId> linked = new TreeSet<>();
    for (int distance = 1; distance < n; distance *= 2) {
      linked.add(members.get((place + distance) % n));
      linked.add(members.get((place + n - distance) % n));
    }
    linked.remove(members.get(place));
    return linked;
  }
}
