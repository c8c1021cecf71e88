package io.dlion.core.sync;

/** Decides when the next iteration may start. Iterations count from 0. */
public sealed interface Synchronization {
  /**
   * Whether a peer is too far behind for an iteration.
   *
   * @param iteration the one to start
   * @param peerIteration the newest iteration of the peer whose gradient has arrived; -1 before the
   *     first
   */
  boolean waits(long iteration, long peerIteration);

  /** How many peers may be too far behind without being waited for. */
  int spare();

  /** Whether a gradient is too old to be applied by a worker that has come to an iteration. */
  boolean tooOld(long iteration, long gradientIteration);

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
    public int spare() {
      return 0;
    }

    @Override
    public boolean tooOld(long iteration, long gradientIteration) {
      return ordered() ? gradientIteration < iteration : waits(iteration, gradientIteration);
    }

    @Override
    public boolean ordered() {
      return bound == 0;
    }
  }

  /**
   * Bounded staleness with backup workers (Luo et al., "Hop", ASPLOS '19, sections 4.2 and 4.3):
   * iteration t starts when all but {@code backup} live peers satisfy the bound. Which of them are
   * missing may change with every iteration; of a peer that has gone nothing is expected, and it
   * does not count as one of those missing. With no more peers than backups nobody is waited for.
   *
   * <p>Hop averages parameters and may leave out what comes late. A gradient that is left out is
   * missing from a replica for good, so here a late one is applied when it comes, unless it is
   * older than the token queues allow (then its sender joined or was restored far behind).
   *
   * @param bound s, in iterations
   * @param backup how many peers may be missing, at least 1
   * @param tokens the capacity of token queues, in iterations, see {@link TokenQueue}
   */
  record Backed(long bound, int backup, long tokens) implements Synchronization {
    @Override
    public boolean waits(long iteration, long peerIteration) {
      return peerIteration < iteration - 1 - bound;
    }

    @Override
    public int spare() {
      return backup;
    }

    /**
     * This worker is at most {@code tokens} iterations ahead of its peer, and the peer at most
     * {@code tokens + 1} ahead of what has arrived from it.
     */
    @Override
    public boolean tooOld(long iteration, long gradientIteration) {
      return gradientIteration < iteration - 1 - Math.max(bound, 2 * tokens);
    }

    @Override
    public boolean ordered() {
      return false;
    }
  }

  /** Nobody waits. */
  record Asynchronous() implements Synchronization {
    @Override
    public boolean waits(long iteration, long peerIteration) {
      return false;
    }

    @Override
    public int spare() {
      return 0;
    }

    @Override
    public boolean tooOld(long iteration, long gradientIteration) {
      return false;
    }

    @Override
    public boolean ordered() {
      return false;
    }
  }
}
