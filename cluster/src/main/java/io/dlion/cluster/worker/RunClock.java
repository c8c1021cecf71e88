package io.dlion.cluster.worker;

/** Time since a run began; a resumed run goes on counting. Safe for several threads. */
public final class RunClock {
  private volatile long zeroNanos;

  /** A clock that shows this time now. */
  public RunClock(long alreadyElapsedNanos) {
    this.zeroNanos = System.nanoTime() - alreadyElapsedNanos;
  }

  /** It is that time now: to be set before anybody has looked. */
  public void set(long nanos) {
    zeroNanos = System.nanoTime() - nanos;
  }

  /** How long the run has taken, in nanoseconds. */
  public long nowNanos() {
    return System.nanoTime() - zeroNanos;
  }
}
