package io.dlion.core.sync;

/**
 * Token queues (Luo et al., "Hop", ASPLOS '19, section 4.2): a worker needs one token from each
 * neighbour to begin an iteration; each neighbour keeps a queue for it, at first with {@code
 * capacity} tokens, and puts one in for each iteration it begins itself. So nobody runs ahead of a
 * neighbour by more than {@code capacity} iterations, whoever backup workers let it pass.
 *
 * <p>Hop's sends block, which bounds what waits on a link; here they do not, so a neighbour puts
 * the token of an iteration in only when it also has this worker's gradient of the iteration
 * before. At most {@code capacity + 1} gradients are then under way on a link, and a worker behind
 * a thin link goes no faster than that link, as in Hop.
 *
 * <p>Tokens are numbered by the iteration they were put in for, and only the newest number travels:
 * a message lost or repeated does no harm. Backup workers do not excuse a missing token. Of a
 * neighbour that has gone none is needed, and one that joins is taken to have reached its peers'
 * iteration, as with the staleness bound. Who becomes the neighbour of a worker that is ahead by
 * more than the capacity, because others have come or gone, leaves the iterations in between out.
 * Whoever is furthest behind has its tokens as soon as its gradients have arrived, so nobody waits
 * forever.
 *
 * @param capacity in iterations, at least 1
 */
public record TokenQueue(long capacity) {
  /**
   * Whether a neighbour's queue has no token for an iteration.
   *
   * @param iteration the one to start
   * @param put number of the newest token the neighbour has put in, 0 at first
   */
  public boolean isEmpty(long iteration, long put) {
    return iteration > put + capacity;
  }

  /**
   * Number of the newest token to put into a neighbour's queue.
   *
   * @param begun the newest iteration this worker has begun, -1 before the first
   * @param arrived the newest iteration of the neighbour whose gradient has arrived, -1 before the
   *     first
   */
  public static long put(long begun, long arrived) {
    return Math.min(begun, arrived + 1);
  }
}
