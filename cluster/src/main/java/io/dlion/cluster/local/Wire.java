package io.dlion.cluster.local;

import java.util.concurrent.locks.LockSupport;

/**
 * A wire of limited speed between two workers of one process: each part occupies it for its length
 * divided by the rate and arrives when it is through. Confined to its link's thread.
 */
public final class Wire {
  /**
   * How late a part may begin without losing wire time: sleeping threads do not wake on the dot.
   */
  private static final long SLACK_NANOS = 2_000_000;

  private final double bytesPerSecond;
  private long freeAtNanos = System.nanoTime();

  /** A wire of that speed; infinite for none at all. */
  public Wire(double bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Whether it has a limit. */
  public boolean limited() {
    return bytesPerSecond < Double.POSITIVE_INFINITY;
  }

  /** Returns when {@code bytes} more are through, or the thread is interrupted. */
  public void carry(int bytes) {
    if (!limited()) {
      return;
    }
    freeAtNanos =
        Math.max(freeAtNanos, System.nanoTime() - SLACK_NANOS)
            + (long) (bytes / bytesPerSecond * 1e9);
    for (long left = freeAtNanos - System.nanoTime();
        left > 0;
        left = freeAtNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }
}
