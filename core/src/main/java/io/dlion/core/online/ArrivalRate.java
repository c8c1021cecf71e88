package io.dlion.core.online;

/** How fast records arrive, over about the last ten seconds. Not thread safe. */
final class ArrivalRate {
  private static final double MEMORY_SECONDS = 10;

  private long sinceNanos = -1;
  private long countedNanos;
  private long counted;
  private double perSecond;

  /**
   * So many records have arrived by now.
   *
   * @param arrived in all
   */
  void count(long arrived, long nowNanos) {
    if (sinceNanos < 0) {
      sinceNanos = nowNanos;
    } else if (nowNanos > countedNanos) {
      double seconds = (nowNanos - countedNanos) / 1e9;
      double known = (nowNanos - sinceNanos) / 1e9;
      double weight = Math.min(1, seconds / Math.min(MEMORY_SECONDS, known));
      perSecond += weight * ((arrived - counted) / seconds - perSecond);
    }
    countedNanos = nowNanos;
    counted = arrived;
  }

  double perSecond() {
    return perSecond;
  }

  /** Whether records were counted for long enough to rely on the rate. */
  boolean isKnown() {
    return sinceNanos >= 0 && countedNanos - sinceNanos >= MEMORY_SECONDS / 2 * 1e9;
  }
}
