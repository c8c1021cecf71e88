package io.dlion.core.gossip;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Seeds;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which two workers average with each other in a round (NoLoCo, Kolehmainen et al. '25, section 3):
 * drawn anew each round, each pairing of the members being as likely as any other. All workers that
 * know the same members draw the same pairs, without a message. With an odd number of members one
 * of them has no partner.
 *
 * <p>Members are ordered by a hash of seed, round and name, and neighbours in that order are pairs.
 *
 * @param seed of the run, the same for all workers
 */
public record Pairing(long seed) {
  /** Keeps pairs independent of everything else that is derived from the run's seed. */
  private static final String PURPOSE = "pairs";

  /** A member and its place in the order of a round. */
  private record Drawn(WorkerId id, long draw) {}

  /**
   * The partner of a worker in a round; empty if it has none.
   *
   * @param others the other members, in any order
   */
  public Optional<WorkerId> partner(WorkerId self, Collection<WorkerId> others, long round) {
    long ofRound = Seeds.derive(Seeds.derive(seed, PURPOSE), round);
    List<WorkerId> order =
        Stream.concat(Stream.of(self), others.stream())
            .map(id -> new Drawn(id, Seeds.derive(ofRound, id.name())))
            .sorted(Comparator.comparingLong(Drawn::draw).thenComparing(Drawn::id))
            .map(Drawn::id)
            .toList();
    int partner = order.indexOf(self) ^ 1;
    return partner < order.size() ? Optional.of(order.get(partner)) : Optional.empty();
  }
}
