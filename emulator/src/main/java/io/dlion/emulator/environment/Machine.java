package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;
import java.util.Optional;

/**
 * A worker as its environment describes it.
 *
 * @param worker who it is
 * @param trains whether it has training data; one that has none can only serve others
 * @param capacity what it computes
 * @param mbit rate of its access link to other sites in Mbit/s, either direction
 * @param lan whether that link is a LAN port: two such workers reach each other as if in one site
 * @param stream what arrives at it, if its examples are not all there from the beginning
 */
record Machine(
    SitedWorker worker,
    boolean trains,
    Capacity capacity,
    Schedule mbit,
    boolean lan,
    Optional<SiteStream> stream) {
  WorkerId id() {
    return worker.id();
  }

  /** Whether traffic between the two passes their LAN ports. */
  boolean reachesByLan(Machine other) {
    return isInSiteOf(other) || (lan && other.lan);
  }

  /** Whether the two are in one site. */
  boolean isInSiteOf(Machine other) {
    return worker.site().equals(other.worker.site());
  }

  Machine withCapacity(Capacity other) {
    return new Machine(worker, trains, other, mbit, lan, stream);
  }

  /** The same on an access link of its own. */
  Machine withMbit(double other) {
    return new Machine(worker, trains, capacity, Schedule.constant(other), false, stream);
  }

  /** The same with all its examples from the beginning. */
  Machine withoutStream() {
    return new Machine(worker, trains, capacity, mbit, lan, Optional.empty());
  }

  Machine withBudget(long budgetNanos) {
    return new Machine(
        worker,
        trains,
        capacity.withBudget(budgetNanos),
        mbit.withBudget(budgetNanos),
        lan,
        stream.map(s -> s.withBudget(budgetNanos)));
  }
}
