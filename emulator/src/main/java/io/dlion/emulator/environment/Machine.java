package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;
import java.util.Optional;

/**
 * A worker as its environment describes it.
 *
 * @param worker who it is
 * @param trains whether it has training data; one that has none can only serve others
 * @param capacity what it computes
 * @param costs what iterations cost it, measured on itself; where that is said, the environment's
 *     calibration does not count
 * @param shared the cores that it shares with others; empty where it has its own
 * @param access its link to other sites
 * @param stream what arrives at it, if its examples are not all there from the beginning
 */
record Machine(
    SitedWorker worker,
    boolean trains,
    Capacity capacity,
    Costs costs,
    Optional<SharedCores> shared,
    AccessLink access,
    Optional<SiteStream> stream) {
  WorkerId id() {
    return worker.id();
  }

  /** Whether traffic between the two passes their LAN ports. */
  boolean reachesByLan(Machine other) {
    return isInSiteOf(other) || (access.lan() && other.access.lan());
  }

  /** Whether the two are in one site. */
  boolean isInSiteOf(Machine other) {
    return worker.site().equals(other.worker.site());
  }

  Machine withCapacity(Capacity other) {
    return new Machine(worker, trains, other, costs, shared, access, stream);
  }

  /** The same on an access link of its own. */
  Machine withMbit(double other) {
    return with(AccessLink.even(Schedule.constant(other)), stream);
  }

  /** The same with another access link. */
  Machine withAccess(AccessLink other) {
    return with(other, stream);
  }

  /** One like it, on a machine of its own. */
  Machine alike(WorkerId id) {
    return new Machine(
        new SitedWorker(id, worker.site()),
        trains,
        capacity,
        costs,
        shared.map(its -> its.on("of " + id)),
        access,
        stream);
  }

  /** Whether the two compute on the same cores. */
  boolean sharesCoresWith(Machine other) {
    return shared.isPresent()
        && other.shared.isPresent()
        && shared.get().machine().equals(other.shared.get().machine());
  }

  /** The same with all its examples from the beginning. */
  Machine withoutStream() {
    return with(access, Optional.empty());
  }

  private Machine with(AccessLink otherAccess, Optional<SiteStream> otherStream) {
    return new Machine(worker, trains, capacity, costs, shared, otherAccess, otherStream);
  }

  Machine withBudget(long budgetNanos) {
    return withCapacity(capacity.withBudget(budgetNanos))
        .with(access.withBudget(budgetNanos), stream.map(s -> s.withBudget(budgetNanos)));
  }
}
