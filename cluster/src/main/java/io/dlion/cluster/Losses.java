package io.dlion.cluster;

import io.dlion.core.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who was a member and is none now, and since when; whoever comes back is no longer among them. The
 * last {@value #KEPT_MAX} are kept. Time is an argument. Safe for several threads.
 */
final class Losses {
  static final int KEPT_MAX = 64;

  private final Map<WorkerId, Long> lostNanos = new HashMap<>(); // guarded by this
  private Set<WorkerId> members = Set.of(); // guarded by this

  /** These are the members now. */
  synchronized void membersAre(Set<WorkerId> now, long nowNanos) {
    Set<WorkerId> gone = new HashSet<>(members);
    gone.removeAll(now);
    gone.forEach(id -> lostNanos.put(id, nowNanos));
    lostNanos.keySet().removeAll(now);
    while (lostNanos.size() > KEPT_MAX) {
      lostNanos.entrySet().stream()
          .min(Map.Entry.comparingByValue())
          .map(Map.Entry::getKey)
          .ifPresent(lostNanos::remove);
    }
    members = Set.copyOf(now);
  }

  /** Who is lost, the last first. */
  synchronized List<WorkerStatus.Lost> at(long nowNanos) {
    List<WorkerStatus.Lost> all = new ArrayList<>();
    lostNanos.forEach(
        (id, nanos) -> all.add(new WorkerStatus.Lost(id, (nowNanos - nanos) / 1_000_000)));
    all.sort(
        Comparator.comparingLong(WorkerStatus.Lost::agoMillis)
            .thenComparing(WorkerStatus.Lost::worker));
    return all;
  }
}
