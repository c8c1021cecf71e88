package io.dlion.emulator.environment;

/**
 * A worker as its environment describes it.
 *
 * @param worker who it is
 * @param cores capacity in cores of the reference CPU; 0 stands still
 * @param mbit rate of its access link to other sites in Mbit/s, either direction
 * @param lan whether that link is a LAN port: two such workers reach each other as if in one site
 */
record Machine(SitedWorker worker, Schedule cores, Schedule mbit, boolean lan) {
  Machine withBudget(long budgetNanos) {
    return new Machine(worker, cores.withBudget(budgetNanos), mbit.withBudget(budgetNanos), lan);
  }
}
