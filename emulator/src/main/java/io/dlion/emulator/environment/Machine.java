package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;

/**
 * A worker as its environment describes it.
 *
 * @param worker who it is
 * @param cores capacity in cores of the reference CPU; 0 stands still
 * @param mbit rate of its access link to other sites in Mbit/s, either direction
 * @param lan whether that link is a LAN port: two such workers reach each other as if in one site
 */
record Machine(SitedWorker worker, Schedule cores, Schedule mbit, boolean lan) {
  WorkerId id() {
    return worker.id();
  }

  /** Whether traffic between the two passes their LAN ports. */
  boolean reachesByLan(Machine other) {
    return worker.site().equals(other.worker.site()) || (lan && other.lan);
  }

  Machine withBudget(long budgetNanos) {
    return new Machine(worker, cores.withBudget(budgetNanos), mbit.withBudget(budgetNanos), lan);
  }
}
