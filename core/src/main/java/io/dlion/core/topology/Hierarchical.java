package io.dlion.core.topology;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Micro-clouds: a mesh inside each site, and a mesh of gateways between them. The gateway of a site
 * is its least live worker. It passes what the site computes on to the other gateways, and what
 * these send into its site: each link between two sites carries the sum of a site's gradients once.
 * At most three hops.
 *
 * @param sites the site of each worker; those left out are one site together
 */
public record Hierarchical(Map<WorkerId, String> sites) implements Topology {
  private static final Pattern SITE =
      Pattern.compile("[A-Za-z0-9._-]+:[A-Za-z0-9._-]+([+][A-Za-z0-9._-]+)*");

  /** Copies the sites. */
  public Hierarchical {
    sites = Map.copyOf(sites);
  }

  /**
   * Reads a list such as {@code a:w1+w2 b:w3}.
   *
   * @throws UserError naming what is no site with its workers, or the worker that is at two
   */
  public static Hierarchical parse(String text) {
    Map<WorkerId, String> sites = new HashMap<>();
    for (String site : text.strip().split("\\s+", -1)) {
      if (!SITE.matcher(site).matches()) {
        throw new UserError(
            "topology.sites: expected sites with their workers such as a:w1+w2 b:w3, found '"
                + site
                + "'");
      }
      String[] parts = site.split(":", 2);
      for (String name : parts[1].split("[+]", -1)) {
        if (sites.put(new WorkerId(name), parts[0]) != null) {
          throw new UserError(
              "topology.sites: expected each worker at one site, found " + name + " twice");
        }
      }
    }
    return new Hierarchical(sites);
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
