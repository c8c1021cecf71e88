package io.dlion.core.topology;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Who exchanges gradients with whom. Every worker derives its neighbours from the live members, by
 * the same rule, so that all agree as soon as they know the same members.
 *
 * <p>Some pairs may be <em>relayed</em> by the network: what they send each other passes another
 * member's lines. Where a topology leaves a choice, such a pair are not neighbours, unless the run
 * would fall apart otherwise. All derive that from the same set of pairs, too.
 *
 * <p>A worker's neighbours come in groups, and it <em>relays</em>: what arrives from a neighbour is
 * passed on, added to its own gradients, to its neighbours in all other groups. The groups are such
 * that there is exactly one way from each worker to each other one (they are the blocks of a block
 * graph; a tree, where each is a pair). So on every topology each gradient reaches each replica
 * exactly once, as in a mesh, and replicas differ only by what is under way or gathering for a
 * link: training is as sound as in a mesh, with more delay. A staleness bound s holds between
 * neighbours; over h hops it is h · (s + 1) iterations.
 *
 * <p>Where an exchange forgets what a link cannot carry ({@code residual: drop}) that happens at
 * each hop. When members come or go, all derive their neighbours anew; what was under way through a
 * worker that has gone, or over a link that is no longer used, is lost.
 */
public interface Topology {
  /**
   * The neighbours of a worker, in groups.
   *
   * @param members all live workers, {@code self} among them
   * @param relayed pairs without a direct line; those that are no members do no harm
   * @return the groups, none of them empty, by names that stay theirs when members change
   */
  SortedMap<String, SortedSet<WorkerId>> neighbours(
      WorkerId self, SortedSet<WorkerId> members, Set<WorkerPair> relayed);

  /** Whether some worker may have to relay. */
  boolean relays();
}
