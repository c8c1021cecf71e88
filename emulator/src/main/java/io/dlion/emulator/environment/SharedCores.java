package io.dlion.emulator.environment;

/**
 * The cores on which a worker computes, where other workers may compute on the same.
 *
 * @param machine name of the machine; workers of one name share its cores
 * @param cores that the machine has
 * @param slowdown how many times longer a core takes while all of them compute, at least 1: cores
 *     may share memory and caches, or be two threads of one
 * @param threads cores that the worker's gradients take while nobody else needs them
 */
public record SharedCores(String machine, int cores, double slowdown, int threads) {
  /** As many on another machine. */
  SharedCores on(String other) {
    return new SharedCores(other, cores, slowdown, threads);
  }

  /**
   * How many times longer computing takes than alone while workers with so many threads in all
   * compute: each thread has its share of a core, and cores slow each other in proportion to how
   * many are busy.
   */
  public double timesLonger(int busyThreads) {
    double shared = Math.max(1, (double) busyThreads / cores);
    int others = Math.min(busyThreads, cores) - 1;
    return others <= 0 ? shared : shared * (1 + (slowdown - 1) * others / (cores - 1));
  }
}
