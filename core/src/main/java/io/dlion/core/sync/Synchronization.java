package io.dlion.core.sync;

/** Decides when the next iteration may start. Iterations count from 0. */
public sealed interface Synchronization {
  /**
   * Whether an iteration must wait for a peer.
   *
   * @param iteration the one to start
   * @param peerIteration the newest iteration of the peer whose gradient has arrived; -1 before the
   *     first
   */
  boolean waits(long iteration, long peerIteration);

  /** Whether every replica applies the same gradients in the same order. */
  boolean ordered();

  /**
   * Bounded staleness (Ho et al., NIPS '13, as DLion uses it): iteration t starts when from each
   * live peer the gradient of some iteration of at least {@code t − 1 − bound} has arrived. Bound 0
   * is bulk-synchronous.
   *
   * @param bound s, in iterations
   */
  record Bounded(long bound) implements Synchronization {
    @Override
    public boolean waits(long iteration, long peerIteration) {
      return peerIteration < iteration - 1 - bound;
    }

    @Override
    public boolean ordered() {
      return bound == 0;
    }
  }

  /** Nobody waits. */
  record Asynchronous() implements Synchronization {
    @Override
    public boolean waits(long iteration, long peerIteration) {
      return false;
    }

    @Override
    public boolean ordered() {
      return false;
    }
  }
}
