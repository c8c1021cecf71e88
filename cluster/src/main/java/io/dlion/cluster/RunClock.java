package io.dlion.cluster;

/** Time since a run began; a resumed run goes on counting. Safe for several threads. */
final class RunClock {
  private volatile long zeroNanos;

  RunClock(long alreadyElapsedNanos) {
    this.zeroNanos = System.nanoTime() - alreadyElapsedNanos;
  }

  /** It is that time now: to be set before anybody has looked. */
  void set(long nanos) {
    zeroNanos = System.nanoTime() - nanos;
  }

  long nowNanos() {
    return System.nanoTime() - zeroNanos;
  }
}
