package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.Cost;
import io.dlion.core.wire.GradientHeader;
import org.jspecify.annotations.Nullable;

/** What a node knows about a peer and the link to it. Confined to its node. */
final class Peer {
  final WorkerId id;

  /** The group of neighbours it belongs to; null where gradients are not exchanged with it. */
  @Nullable String group;

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

  /**
   * Samples that it, and those whose gradients it relays, have processed, as far as they have been
   * applied here.
   */
  long samples;

  /** What its last gradient said of samples; -1 where the next one is the first to count from. */
  private long told;

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

  /** Whether gradients are exchanged with it. */
  boolean isNeighbour() {
    return group != null;
  }

  /**
   * Gradients are exchanged with it from now on; it is not held to iterations before {@code
   * newest}.
   *
   * @param known whether what it did so far has been counted
   */
  void becomesNeighbour(long newest, boolean known) {
    iteration = Math.max(iteration, newest);
    token = Math.max(token, iteration + 1);
    told = known ? -1 : samples;
  }

  /**
   * A gradient was applied.
   *
   * @return how many samples more it stands for than the one before
   */
  long applied(GradientHeader header) {
    long more = told < 0 ? 0 : header.samples() - told;
    told = header.samples();
    samples += more;
    noiseScale = header.noiseScale();
    return more;
  }
}
