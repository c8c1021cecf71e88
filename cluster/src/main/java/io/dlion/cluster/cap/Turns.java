package io.dlion.cluster.cap;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Who passes next where all pass one after the other: each gets the same share of the bytes while
 * it has something, however large its pieces are, and who has nothing takes nothing. That is
 * self-clocked fair queueing (Golestani, "A Self-Clocked Fair Queueing Scheme for Broadband
 * Applications", INFOCOM 1994) with equal weights.
 *
 * <p>Time is an argument. Not thread safe.
 *
 * @param <T> what passes
 */
public final class Turns<T> {
  private final Bucket bucket;
  private final PriorityQueue<Claim<T>> waiting =
      new PriorityQueue<>(
          Comparator.comparingDouble((Claim<T> c) -> c.tag).thenComparingLong(c -> c.order));

  /** Up to where each has claimed, in bytes on the clock that all share. */
  private final Map<Object, Double> claimed = new HashMap<>();

  private double clock; // how far those who pass have come, in bytes
  private long order;

  /**
   * Something that waits.
   *
   * @param tag when it would be through if all were served at once, in bytes on the shared clock
   * @param order of those with equal tags
   */
  private record Claim<T>(double tag, long order, long cameNanos, long bytes, T what) {}

  /** Nobody waits. */
  public Turns(long nowNanos) {
    bucket = new Bucket(nowNanos);
  }

  /** Something waits from now on. */
  public void add(long nowNanos, Object who, long bytes, T what) {
    double tag = Math.max(clock, claimed.getOrDefault(who, 0.0)) + bytes;
    claimed.put(who, tag);
    waiting.add(new Claim<>(tag, order++, nowNanos, bytes, what));
  }

  /** It does not wait any more. */
  void remove(T what) {
    waiting.removeIf(claim -> claim.what.equals(what));
  }

  /** Whether nobody waits. */
  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** How long the next has to wait from now on; 0 if it may pass now. */
  public long waitNanos(long nowNanos) {
    return bucket.waitNanos(nowNanos);
  }

  /**
   * The next passes now; there is one, and it may.
   *
   * @param bytesPerSecond that may pass at present
   */
  public T pass(long nowNanos, double bytesPerSecond) {
    Claim<T> next = waiting.remove();
    bucket.pass(nowNanos, next.cameNanos, next.bytes, bytesPerSecond);
    if (waiting.isEmpty()) {
      clock = 0;
      claimed.clear();
    } else {
      clock = next.tag;
      claimed.values().removeIf(tag -> tag <= clock); // who comes again begins at the clock
    }
    return next.what;
  }

  /** Something has passed that did not wait. */
  void charge(long nowNanos, long bytes, double bytesPerSecond) {
    bucket.charge(nowNanos, bytes, bytesPerSecond);
  }
}
