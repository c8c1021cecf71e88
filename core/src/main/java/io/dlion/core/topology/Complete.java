package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Each worker is linked to all others. */
record Complete() implements Graph {
  @Override
  public SortedSet<WorkerId> linked(int place, List<WorkerId> members) {
    SortedSet<WorkerId> others = new TreeSet<>(members);
    others.remove(members.get(place));
    return others;
  }
}
