package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.Cost;
import io.dlion.core.wire.GradientHeader;
import org.jspecify.annotations.Nullable;

/** What a node knows about a peer and the link to it. Confined to its node. */
final class Peer {
  final WorkerId id;

  /**
   * Newest iteration it is taken to have reached: that of its last gradient, or where it joined.
   */
  long iteration;

  /** Newest iteration whose gradient has arrived; -1 before the first. */
  private long arrived = -1;

  /** The newest token it has put into this worker's queue. */
  long token;

  /** The newest token it has been told of that this worker put into its queue. */
  long tokenPut;

  /** The newest iteration whose gradient it has announced as delayed; -1 if none. */
  long announced = -1;

  /** Samples it has processed, as far as its gradients have been applied here. */
  long samples;

  double noiseScale;
  @Nullable Cost cost;
  double accuracy = Double.NaN;

  /** Goodput of the link to it; 0 before the first measurement. */
  double bytesPerSecond;

  /** Whether the link can take a gradient. */
  boolean ready = true;

  /** Whether weights are under way to it. */
  boolean transferring;

  Peer(WorkerId id, long iteration) {
    this.id = id;
    this.iteration = iteration;
    this.token = iteration + 1;
  }

  /**
   * A gradient of that iteration has arrived.
   *
   * @return false if it, or a newer one, had arrived already
   */
  boolean arrived(long newest) {
    if (newest <= arrived) {
      return false;
    }
    arrived = newest;
    iteration = Math.max(iteration, newest);
    return true;
  }

  void applied(GradientHeader header) {
    samples = header.samples();
    noiseScale = header.noiseScale();
  }
}
