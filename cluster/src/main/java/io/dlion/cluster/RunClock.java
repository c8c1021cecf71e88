package io.dlion.cluster;

/** Time since a run began; a resumed run goes on counting. Safe for several threads. */
final class RunClock {
  private final long zeroNanos;

  RunClock(long alreadyElapsedNanos) {
    this.zeroNanos = System.nanoTime() - alreadyElapsedNanos;
  }

  long nowNanos() {
    return System.nanoTime() - zeroNanos;
  }
}
