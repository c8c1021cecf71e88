package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.Cost;
import io.dlion.core.wire.GradientHeader;
import org.jspecify.annotations.Nullable;

/** What a node knows about a peer and the link to it. Confined to its node. */
final class Peer {
  /** A gradient is late after this many times the usual time between two. */
  private static final double PATIENCE_GAPS = 4;

  final WorkerId id;

  /** The group of neighbours it belongs to; null where gradients are not exchanged with it. */
  @Nullable String group;

  /**
   * Newest iteration it is taken to have reached: that of its last gradient, or of one that will
   * not come.
   */
  long iteration;

  /** Newest iteration whose gradient has arrived; -1 before the first. */
  private long arrived = -1;

  /** Newest iteration whose gradient had arrived when it last became a neighbour. */
  private long arrivedBefore = -1;

  /** Newest iteration of which it was sent a gradient, or need not expect one. */
  long sent;

  /** Newest iteration of which it was not sent a gradient on purpose; -1 if none. */
  long leftOut = -1;

  /** When its last gradient arrived, and how far apart they come: a moving average; 0 at first. */
  private long heardNanos;

  private double gapNanos;

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

  /** Whether nothing of it has been applied since it became a neighbour. */
  private boolean justMet = true;

  double noiseScale;

  /** What a step costs it, as it said last and as it said first; null before that. */
  @Nullable Cost cost;

  @Nullable Cost firstCost;
  double accuracy = Double.NaN;

  /** Evaluations in a row that were no better than its best. */
  int without;

  /** Whether it has just become a neighbour, and has to say yet from where on it sends. */
  boolean isNew;

  /** Goodput of the link to it; 0 before the first measurement. */
  double bytesPerSecond;

  /** Whether the link can take a gradient. */
  boolean ready = true;

  /** Whether weights are under way to it. */
  boolean transferring;

  Peer(WorkerId id, long iteration) {
    this.id = id;
    begin(iteration);
  }

  /**
   * It takes part from now on, after an iteration that neither expects anything of the other for.
   */
  void begin(long after) {
    iteration = after;
    leaveOut(after);
    token = after + 1;
  }

  /** Up to this iteration it need not expect gradients of this worker. */
  void leaveOut(long upTo) {
    sent = upTo;
    leftOut = upTo;
  }

  /** How long a gradient of it may stay away before something must be wrong. */
  long patienceNanos() {
    return (long) (PATIENCE_GAPS * gapNanos);
  }

  /** It has announced what a step costs it. */
  void costs(Cost announced) {
    cost = announced;
    firstCost = firstCost == null ? announced : firstCost;
  }

  /** A gradient has arrived. */
  void heard(long nowNanos) {
    if (heardNanos > 0) {
      double gap = nowNanos - heardNanos;
      gapNanos = gapNanos == 0 ? gap : 0.8 * gapNanos + 0.2 * gap;
    }
    heardNanos = nowNanos;
  }

  /** It has no more to send up to an iteration. */
  void settled(long upTo) {
    iteration = Math.max(iteration, upTo);
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

  /**
   * The first iteration for which it waits for this worker's gradients: while it was no neighbour,
   * it went on without them.
   */
  long waitsFrom() {
    return arrivedBefore + 1;
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
    arrivedBefore = arrived;
    token = Math.max(token, iteration + 1);
    told = known ? -1 : samples;
    justMet = true;
  }

  /** Whether nothing of it has been applied since gradients are exchanged with it. */
  boolean isJustMet() {
    return justMet;
  }

  /**
   * A gradient was applied.
   *
   * @return how many samples more it stands for than the one before
   */
  long applied(GradientHeader header) {
    long more = told < 0 ? 0 : header.samples() - told;
    told = header.samples();
    justMet = false;
    samples += more;
    noiseScale = header.noiseScale();
    return more;
  }
}
