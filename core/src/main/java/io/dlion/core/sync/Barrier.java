package io.dlion.core.sync;

/**
 * The selective barrier of approximate synchronous parallel (Hsieh et al., "Gaia", NSDI '17,
 * section 4.3): a worker whose significant updates take longer on a link than an iteration
 * announces them ahead, and the receiver does not read what they will change before they have
 * arrived. A gradient reads every weight, so here it is the next iteration that waits.
 *
 * <p>It waits for what a synchronous run would have seen, the updates of iterations before its own,
 * and not for those of a sender that is further on *(choice)*: else several links that are always
 * full would take turns in holding the receiver up. A peer that has announced something is thus
 * held to bound 0 until it has arrived, all others to the staleness bound.
 */
public final class Barrier {
  private Barrier() {}

  /**
   * Whether an iteration must wait for announced updates of a peer.
   *
   * @param iteration the one to start
   * @param arrived the newest iteration of the peer whose gradient has arrived
   * @param announced the newest iteration of the peer whose updates it has announced, -1 if none
   */
  public static boolean waits(long iteration, long arrived, long announced) {
    return arrived < Math.min(announced, iteration - 1);
  }
}
