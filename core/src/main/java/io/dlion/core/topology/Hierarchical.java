package io.dlion.core.topology;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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
 * <p>Where pairs of workers in different sites have no direct line, gateways are chosen such that
 * as few of those pairs as possible are pairs of gateways. If some are left, gateways exchange
 * along a tree of direct lines instead of a mesh: a gateway that reaches both of two sites adds
 * their gradients to its own, where a relay of the network would carry each of them once more.
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
      WorkerId self, SortedSet<WorkerId> members, Set<WorkerPair> relayed) {
    SortedMap<String, SortedSet<WorkerId>> bySite = new TreeMap<>();
    members.forEach(m -> bySite.computeIfAbsent(siteOf(m), _ -> new TreeSet<>()).add(m));
    SortedSet<WorkerId> site = new TreeSet<>(bySite.getOrDefault(siteOf(self), new TreeSet<>()));
    site.remove(self);
    SortedMap<String, SortedSet<WorkerId>> groups = new TreeMap<>();
    if (!site.isEmpty()) {
      groups.put("site", site);
    }
    SortedSet<WorkerId> gateways = new Gateways(bySite, relayed).chosen();
    if (gateways.contains(self) && gateways.size() > 1) {
      groups.putAll(between(self, gateways, relayed));
    }
    return groups;
  }

  private static SortedMap<String, SortedSet<WorkerId>> between(
      WorkerId self, SortedSet<WorkerId> gateways, Set<WorkerPair> relayed) {
    SortedMap<String, SortedSet<WorkerId>> groups = new TreeMap<>();
    if (relayed.stream()
        .anyMatch(pair -> gateways.contains(pair.first()) && gateways.contains(pair.second()))) {
      new SpanningTree(new Complete())
          .neighbours(self, gateways, relayed)
          .forEach((name, gateway) -> groups.put("gateway " + name, gateway));
    } else {
      SortedSet<WorkerId> others = new TreeSet<>(gateways);
      others.remove(self);
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
