package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import io.dlion.core.settings.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who exchanges gradients with whom, as the settings {@code topology.*} say.
 *
 * @param mesh whether all exchange with all, at least at first
 * @param ofSites the topology at first, for the sites of the workers
 * @param turns whether a mesh may turn into a tree because lines are thin
 */
public record TopologyRule(
    boolean mesh, Function<Map<WorkerId, String>, Topology> ofSites, boolean turns) {
  /**
   * Reads the settings.
   *
   * @throws io.dlion.core.UserError where edges or sites cannot be read
   */
  public static TopologyRule of(Settings settings) {
    return switch (settings.text("topology.kind")) {
      case "ring" -> fixed(new SpanningTree(new Ring()));
      case "exponential" -> fixed(new SpanningTree(new Exponential()));
      case "hierarchical" ->
          settings.isAuto("topology.sites")
              ? new TopologyRule(false, Hierarchical::new, false)
              : fixed(Hierarchical.parse(settings.text("topology.sites")));
      case "tree" -> new TopologyRule(false, SiteTree::new, false);
      case "edges" -> fixed(new SpanningTree(Edges.parse(settings.text("topology.edges"))));
      case "auto" -> new TopologyRule(true, _ -> new Mesh(), mayTurn(settings));
      default -> new TopologyRule(true, _ -> new Mesh(), false);
    };
  }

  private static TopologyRule fixed(Topology topology) {
    return new TopologyRule(false, _ -> topology, false);
  }

  /** Whoever waits for others would wait longer; and distances of local steps are not relayed. */
  private static boolean mayTurn(Settings settings) {
    return settings.is("sync.mode", "asynchronous")
        && settings.integer("local.steps") == 0
        && settings.is("exchange.residual", "accumulate")
        && settings.is("exchange.method", "max-n");
  }

  /**
   * The topology of a run.
   *
   * @param sites the site of each worker; not looked at where the settings say it
   */
  public Topology of(Map<WorkerId, String> sites) {
    return ofSites.apply(sites);
  }

  /** What the topology of a run turns into where lines are thin, if it may. */
  public Optional<SiteTree> ofThinLines(Map<WorkerId, String> sites) {
    return turns ? Optional.of(new SiteTree(sites)) : Optional.empty();
  }

  /** The same, which remains what it is at first. */
  public TopologyRule forGood() {
    return new TopologyRule(mesh, ofSites, false);
  }

  /** Whether all exchange with all, at least at first. */
  public boolean isMesh() {
    return mesh;
  }
}
