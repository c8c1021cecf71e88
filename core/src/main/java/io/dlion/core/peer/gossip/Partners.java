package io.dlion.core.peer.gossip;

import io.dlion.core.WorkerId;
import io.dlion.core.gossip.Pairing;
import io.dlion.core.peer.roster.Roster;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whose contributions to an iteration a worker needs: those of all neighbours, or, where workers
 * average in pairs, those of its partner in that round. Who takes part may change in a round; the
 * partner changes with it. Confined to its node.
 *
 * @param pairing how partners are drawn; empty where all workers average together
 * @param roster who takes part
 */
public record Partners(Optional<Pairing> pairing, Roster roster) {
  /** Whether workers average in pairs. */
  public boolean arePairs() {
    return pairing.isPresent();
  }

  /** The peers whose contribution to an iteration is needed. */
  public Predicate<WorkerId> needed(long iteration) {
    if (pairing.isEmpty()) {
      return _ -> true;
    }
    Optional<WorkerId> partner = pairing.get().partner(roster.self(), roster.ids(), iteration);
    return peer -> partner.isPresent() && partner.get().equals(peer);
  }
}
