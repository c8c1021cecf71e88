package io.dlion.core.peer.roster;

import io.dlion.core.WorkerId;

/**
 * What has arrived of a peer's gradients, and what of them is still expected. Confined to its node.
 */
public final class Peer {
  /** A gradient is late after this many times the usual time between two. */
  private static final double PATIENCE_GAPS = 4;

  private final WorkerId id;
  private boolean neighbour;
  private long iteration;
  private long since;
  private long arrived = -1;
  private long arrivedBefore = -1;
  private long heardNanos;
  private double gapNanos;

  Peer(WorkerId id, long iteration) {
    this.id = id;
    begin(iteration);
  }

  /** Its id. */
  public WorkerId id() {
    return id;
  }

  /** It takes part from now on; gradients are exchanged from the iteration after this one. */
  void begin(long after) {
    iteration = after;
    since = after + 1;
  }

  /**
   * The newest iteration it is taken to have reached: that of its last gradient, or of one that
   * will not come.
   */
  public long iteration() {
    return iteration;
  }

  /** The first iteration since it takes part, or since it last became a neighbour. */
  public long since() {
    return since;
  }

  /** How long a gradient of it may stay away before something must be wrong. */
  public long patienceNanos() {
    return (long) (PATIENCE_GAPS * gapNanos);
  }

  /** It has no more to send up to an iteration. */
  public void settled(long upTo) {
    iteration = Math.max(iteration, upTo);
  }

  /**
   * A gradient of that iteration has arrived.
   *
   * @return false if it, or a newer one, had arrived already
   */
  public boolean arrived(long newest, long nowNanos) {
    if (newest <= arrived) {
      return false;
    }
    arrived = newest;
    iteration = Math.max(iteration, newest);
    if (heardNanos > 0) {
      double gap = nowNanos - heardNanos;
      gapNanos = gapNanos == 0 ? gap : 0.8 * gapNanos + 0.2 * gap;
    }
    heardNanos = nowNanos;
    return true;
  }

  /**
   * The first iteration for which it waits for this worker's gradients: while it was no neighbour,
   * it went on without them.
   */
  public long waitsFrom() {
    return arrivedBefore + 1;
  }

  /** Whether gradients are exchanged with it. */
  public boolean isNeighbour() {
    return neighbour;
  }

  /** Gradients are exchanged with it no longer. */
  public void leavesNeighbours() {
    neighbour = false;
  }

  /** Gradients are exchanged with it; it is not held to iterations before {@code newest}. */
  public void becomesNeighbour(long newest) {
    neighbour = true;
    iteration = Math.max(iteration, newest);
    arrivedBefore = arrived;
    since = Math.max(since, iteration + 1);
  }
}
