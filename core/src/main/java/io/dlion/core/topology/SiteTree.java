package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Thin lines: a mesh inside each site, and between sites a binary tree, in the order of their
 * names. A site has at most three neighbours, for each of which another of its workers speaks, as
 * far as there are enough: so a worker's line is divided among few others, whatever the number of
 * workers, and each message carries the sum of all that lies behind its sender. At most {@code 2
 * log₂ n + 1} sites on the way.
 *
 * <p>Where a pair of workers has no direct line, others of the two sites speak for them, if they
 * can.
 *
 * @param sites the site of each worker; those left out are sites of their own
 */
public record SiteTree(Map<WorkerId, String> sites) implements Topology {
  private static final String SITE = "site";

  /** Copies the sites. */
  public SiteTree {
    sites = Map.copyOf(sites);
  }

  @Override
  public SortedMap<String, SortedSet<WorkerId>> neighbours(
      WorkerId self, SortedSet<WorkerId> members, Set<WorkerPair> relayed) {
    SortedMap<String, SortedSet<WorkerId>> bySite = new TreeMap<>();
    members.forEach(m -> bySite.computeIfAbsent(siteOf(m), _ -> new TreeSet<>()).add(m));
    SortedMap<String, SortedSet<WorkerId>> groups = new TreeMap<>();
    SortedSet<WorkerId> site = new TreeSet<>(bySite.getOrDefault(siteOf(self), new TreeSet<>()));
    site.remove(self);
    if (!site.isEmpty()) {
      groups.put(SITE, site);
    }
    List<List<WorkerId>> places = new ArrayList<>();
    bySite.values().forEach(workers -> places.add(List.copyOf(workers)));
    for (int child = 1; child < places.size(); child++) {
      int parent = (child - 1) / 2;
      WorkerPair pair = speakers(places.get(parent), places.get(child), slot(child), relayed);
      if (pair.has(self)) {
        WorkerId other = pair.first().equals(self) ? pair.second() : pair.first();
        groups.put("site " + siteOf(other), new TreeSet<>(List.of(other)));
      }
    }
    return groups;
  }

  /** Whether at most half as many links of a worker leave its site as in a mesh. */
  public boolean halves(SortedSet<WorkerId> members, Set<WorkerPair> relayed) {
    int most = 0;
    int mostOfMesh = 0;
    for (WorkerId member : members) {
      SortedMap<String, SortedSet<WorkerId>> groups = neighbours(member, members, relayed);
      int inSite = groups.containsKey(SITE) ? 1 : 0;
      most = Math.max(most, groups.size() - inSite);
      long others = members.stream().filter(m -> !siteOf(m).equals(siteOf(member))).count();
      mostOfMesh = Math.max(mostOfMesh, (int) others);
    }
    return 2 * most <= mostOfMesh;
  }

  /** Which of a parent's neighbours a child is: the parent's parent, if any, comes first. */
  private static int slot(int child) {
    int parent = (child - 1) / 2;
    return child - 2 * parent - (parent == 0 ? 1 : 0);
  }

  /** Who speaks for two sites. */
  private static WorkerPair speakers(
      List<WorkerId> parent, List<WorkerId> child, int slot, Set<WorkerPair> relayed) {
    List<WorkerId> from = new ArrayList<>(parent);
    Collections.rotate(from, -slot);
    for (WorkerId a : from) {
      for (WorkerId b : child) {
        if (!relayed.contains(new WorkerPair(a, b))) {
          return new WorkerPair(a, b);
        }
      }
    }
    return new WorkerPair(from.getFirst(), child.getFirst());
  }

  private String siteOf(WorkerId worker) {
    return sites.getOrDefault(worker, worker.name());
  }

  @Override
  public boolean relays() {
    return true;
  }
}
