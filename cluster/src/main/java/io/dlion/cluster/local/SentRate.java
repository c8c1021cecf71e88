package io.dlion.cluster.local;

/**
 * Measures what a link carries: bytes sent over the time they took, recent messages counting more.
 * Safe for several threads.
 */
final class SentRate {
  private static final double KEPT = 0.7;
  private static final int LEAST_BYTES = 4 * 1024;

  private double bytes;
  private double nanos;

  /** A message was sent; one too small to tell something is left out. */
  synchronized void add(long sentBytes, long tookNanos) {
    if (sentBytes >= LEAST_BYTES) {
      bytes = KEPT * bytes + sentBytes;
      nanos = KEPT * nanos + Math.max(1, tookNanos);
    }
  }

  /** 0 before the first message. */
  synchronized double bytesPerSecond() {
    return nanos == 0 ? 0 : bytes / nanos * 1e9;
  }
}
