package io.dlion.emulator.environment;

/**
 * The cores on which a worker computes, where other workers may compute on the same.
 *
 * @param machine name of the machine; workers of one name share its cores
 * @param cores that the machine has
 * @param threads cores that the worker's gradients take while nobody else needs them
 */
public record SharedCores(String machine, int cores, int threads) {
  /** As many on another machine. */
  SharedCores on(String other) {
    return new SharedCores(other, cores, threads);
  }
}
