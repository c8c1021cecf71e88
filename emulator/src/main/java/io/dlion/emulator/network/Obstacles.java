package io.dlion.emulator.network;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.emulator.environment.DirectedLink;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What keeps messages from going on at present. Confined to its network. */
final class Obstacles {
  private final Set<DirectedLink> cut = new HashSet<>();
  private final Map<WorkerPair, Integer> severed = new HashMap<>();
  private final Set<WorkerId> gone = new HashSet<>();
  private final Set<WorkerId> still = new HashSet<>();

  void cut(WorkerId from, WorkerId to, boolean isCut) {
    set(cut, new DirectedLink(from, to), isCut);
  }

  /** Two cannot reach each other for one more reason, or for one less. */
  void severed(WorkerPair pair, boolean isSevered) {
    severed.merge(pair, isSevered ? 1 : -1, Integer::sum);
  }

  /** A worker is not there, so that it relays nothing. */
  void gone(WorkerId worker, boolean isGone) {
    set(gone, worker, isGone);
  }

  /** A worker stands still, so that it relays nothing. */
  void still(WorkerId worker, boolean isStill) {
    set(still, worker, isStill);
  }

  private static <T> void set(Set<T> members, T member, boolean isMember) {
    if (isMember) {
      members.add(member);
    } else {
      members.remove(member);
    }
  }

  /** Whether messages go on over these stations. */
  boolean letPass(List<WorkerId> stations) {
    for (int i = 0; i + 1 < stations.size(); i++) {
      WorkerId from = stations.get(i);
      WorkerId to = stations.get(i + 1);
      boolean relays = i > 0;
      if (cut.contains(new DirectedLink(from, to))
          || severed.getOrDefault(new WorkerPair(from, to), 0) > 0
          || (relays && (gone.contains(from) || still.contains(from)))) {
        return false;
      }
    }
    return true;
  }
}
