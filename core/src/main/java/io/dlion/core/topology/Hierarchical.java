package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Micro-clouds: a mesh inside each site, and a mesh of gateways between them. The gateway of a site
 * is its least live worker. It passes what the site computes on to the other gateways, and what
 * these send into its site: each link between two sites carries the sum of a site's gradients once.
 * At most three hops.
 *
 * @param sites the site of each worker; those left out are one site together
 */
public record Hierarchical(Map<WorkerId, String> sites) implements Topology {
  /** Copies the sites. */
  public Hierarchical {
    sites = Map.copyOf(sites);
  }

  @Override
  public SortedMap<String, SortedSet<WorkerId>> neighbours(
      WorkerId self, SortedSet<WorkerId> members) {
    SortedSet<WorkerId> site = new TreeSet<>();
    Map<String, WorkerId> gateways = new TreeMap<>();
    for (WorkerId member : members) { // the least one first
      gateways.putIfAbsent(siteOf(member), member);
      if (siteOf(member).equals(siteOf(self)) && !member.equals(self)) {
        site.add(member);
      }
    }
    SortedMap<String, SortedSet<WorkerId>> groups = new TreeMap<>();
    if (!site.isEmpty()) {
      groups.put("site", site);
    }
    SortedSet<WorkerId> others = new TreeSet<>(gateways.values());
    if (others.remove(self) && !others.isEmpty()) {
      groups.put("gateways", others);
    }
    return groups;
  }

  private String siteOf(WorkerId worker) {
    return sites.getOrDefault(worker, "");
  }

  @Override
  public boolean relays() {
    return true;
  }
}
