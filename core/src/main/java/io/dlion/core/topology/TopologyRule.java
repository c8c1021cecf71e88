package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import io.dlion.core.settings.Settings;
import java.util.Map;
import java.util.Optional;

/**
 * Who exchanges gradients with whom, as the settings {@code topology.*} say.
 *
 * @param fixed the topology; empty where it follows from the sites of the workers
 */
public record TopologyRule(Optional<Topology> fixed) {
  /**
   * Reads the settings.
   *
   * @throws io.dlion.core.UserError where edges or sites cannot be read
   */
  public static TopologyRule of(Settings settings) {
    return new TopologyRule(
        switch (settings.text("topology.kind")) {
          case "ring" -> Optional.of(new SpanningTree(new Ring()));
          case "exponential" -> Optional.of(new SpanningTree(new Exponential()));
          case "hierarchical" ->
              settings.isAuto("topology.sites")
                  ? Optional.empty()
                  : Optional.of(Hierarchical.parse(settings.text("topology.sites")));
          case "edges" ->
              Optional.of(new SpanningTree(Edges.parse(settings.text("topology.edges"))));
          default -> Optional.of(new Mesh());
        });
  }

  /**
   * The topology of a run.
   *
   * @param sites the site of each worker; not looked at where the settings say it
   */
  public Topology of(Map<WorkerId, String> sites) {
    return fixed.orElseGet(() -> new Hierarchical(sites));
  }

  /** Whether all exchange with all. */
  public boolean isMesh() {
    return fixed.filter(Mesh.class::isInstance).isPresent();
  }
}
