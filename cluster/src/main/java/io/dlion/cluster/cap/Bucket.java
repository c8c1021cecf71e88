package io.dlion.cluster.cap;

/**
 * A token bucket that holds next to nothing: what was not used is lost, so that a link that is
 * probed for a moment finds what it gets in the long run. What may pass is owed afterwards: the
 * next waits until it would have been carried. The rate is given with each use, and may differ.
 *
 * <p>Time is an argument. Not thread safe.
 */
final class Bucket {
  /** Whoever comes so much later than it might have passed has lost nothing. */
  static final long CATCH_UP_NANOS = 5_000_000;

  /** Who waits may be let through late, where a machine is busy: so much of that is made up for. */
  static final long LATE_NANOS_MAX = 100_000_000;

  /** What nobody waited with is owed for as long as that, and no longer. */
  private static final long DEBT_NANOS_MAX = 1_000_000_000;

  private long freeNanos;

  Bucket(long nowNanos) {
    freeNanos = nowNanos;
  }

  /** How long the next has to wait from now on; 0 if it may pass now. */
  long waitNanos(long nowNanos) {
    return Math.max(0, freeNanos - nowNanos);
  }

  /**
   * Something passes now that may.
   *
   * @param cameNanos since when it has waited
   */
  void pass(long nowNanos, long cameNanos, long bytes, double bytesPerSecond) {
    long begun = latest(freeNanos, cameNanos - CATCH_UP_NANOS);
    begun = latest(begun, nowNanos - LATE_NANOS_MAX);
    freeNanos = begun + (long) (bytes / bytesPerSecond * 1e9);
  }

  private static long latest(long nanos, long other) {
    return nanos - other > 0 ? nanos : other;
  }

  /** Something has passed that did not ask. */
  void charge(long nowNanos, long bytes, double bytesPerSecond) {
    long before = waitNanos(nowNanos);
    pass(nowNanos, nowNanos, bytes, bytesPerSecond);
    long most = nowNanos + Math.max(before, DEBT_NANOS_MAX);
    freeNanos = freeNanos - most > 0 ? most : freeNanos;
  }
}
