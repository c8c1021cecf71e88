package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Chooses one worker of each site to exchange with the other sites: the least one. Where pairs of
 * workers are relayed, the one with the fewest such pairs to other sites; then site after site
 * takes another worker as long as that leaves fewer pairs of gateways relayed. Ties are decided by
 * name, so that all who know the same choose the same.
 *
 * @param sites the live workers of each site, none of them empty
 * @param relayed pairs without a direct line
 */
record Gateways(SortedMap<String, SortedSet<WorkerId>> sites, Set<WorkerPair> relayed) {
  SortedSet<WorkerId> chosen() {
    SortedMap<String, WorkerId> gateways = new TreeMap<>();
    sites.forEach((site, workers) -> gateways.put(site, best(workers, outside(site))));
    boolean changes = !relayed.isEmpty();
    while (changes) { // each change leaves fewer relayed pairs
      changes = false;
      for (String site : sites.keySet()) {
        changes |= improve(site, gateways);
      }
    }
    return new TreeSet<>(gateways.values());
  }

  private boolean improve(String site, SortedMap<String, WorkerId> gateways) {
    SortedMap<String, WorkerId> others = new TreeMap<>(gateways);
    WorkerId present = others.remove(site);
    WorkerId best = best(sites.getOrDefault(site, new TreeSet<>()), others.values());
    if (present == null
        || relayedTo(best, others.values()) >= relayedTo(present, others.values())) {
      return false;
    }
    gateways.put(site, best);
    return true;
  }

  private List<WorkerId> outside(String site) {
    List<WorkerId> outside = new ArrayList<>();
    if (!relayed.isEmpty()) {
      sites.forEach((other, workers) -> {
        if (!other.equals(site)) {
          outside.addAll(workers);
        }
      });
    }
    return outside;
  }

  /** The one with the fewest relayed pairs, the least of several. */
  private WorkerId best(SortedSet<WorkerId> workers, Collection<WorkerId> others) {
    return workers.stream()
        .min(
            Comparator.comparingLong((WorkerId worker) -> relayedTo(worker, others))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  private long relayedTo(WorkerId worker, Collection<WorkerId> others) {
    return relayed.isEmpty()
        ? 0
        : others.stream().filter(o -> relayed.contains(new WorkerPair(worker, o))).count();
  }
}
