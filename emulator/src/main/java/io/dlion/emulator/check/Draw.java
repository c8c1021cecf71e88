package io.dlion.emulator.check;

import io.dlion.core.UserError;
import java.util.List;
import java.util.Optional;

/**
 * What is drawn from a seed. Workers, links and faults depend on the seed alone; so a seed, a
 * method and a topology make the same scenario whatever other methods there are.
 *
 * @param variants the methods that one is drawn from, at least one
 * @param topology the kind of topology, or none to draw it too
 * @param hasPaths whether there are pairs that cannot reach each other, in some runs
 */
public record Draw(List<Variant> variants, Optional<String> topology, boolean hasPaths) {
  private static final List<String> TOPOLOGIES =
      List.of("mesh", "ring", "exponential", "hierarchical", "edges", "tree");

  /** Leaves out methods with local steps where the topology is none that they can have. */
  public Draw {
    variants = variants.stream().filter(v -> isPossible(v, topology)).toList();
    topology.ifPresent(kind -> {
      if (!TOPOLOGIES.contains(kind)) {
        throw new UserError(
            "topology '" + kind + "': expected one of " + String.join(", ", TOPOLOGIES));
      }
    });
    if (variants.isEmpty()) {
      throw new UserError(
          "topology '" + topology.orElse("") + "': expected mesh, for methods with local steps");
    }
  }

  private static boolean isPossible(Variant variant, Optional<String> topology) {
    return topology.isEmpty()
        || topology.get().equals("mesh")
        || variant.settings().integer("local.steps") == 0;
  }

  /** The same, where all reach all: as schedules were before there were relays. */
  Draw withoutPaths() {
    return new Draw(variants, topology, false);
  }

  /** Any method, any topology. */
  public static Draw any() {
    return any(Variant.all());
  }

  /** Any of these methods, any topology. */
  public static Draw any(List<Variant> variants) {
    return new Draw(variants, Optional.empty(), true);
  }

  /** One method and one topology: only the schedule comes from the seed. */
  public static Draw only(Variant variant, String topology) {
    return new Draw(List.of(variant), Optional.of(topology), true);
  }
}
