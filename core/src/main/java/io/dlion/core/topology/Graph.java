package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import java.util.List;
import java.util.SortedSet;

/** Which links there are. */
public interface Graph {
  /** The workers that are linked to the one at a place in the order of all live members. */
  SortedSet<WorkerId> linked(int place, List<WorkerId> members);
}
