package io.dlion.cluster;

/**
 * Measures what a link carries: bytes sent over the time they took, recent messages counting more.
 * Confined to its link's thread.
 */
final class Goodput {
  private static final double KEPT = 0.7;
  private static final int LEAST_BYTES = 4 * 1024;

  private double bytes;
  private double nanos;

  /**
   * A message was sent.
   *
   * @return whether it was large enough to tell something
   */
  boolean add(long sentBytes, long tookNanos) {
    if (sentBytes < LEAST_BYTES) {
      return false;
    }
    bytes = KEPT * bytes + sentBytes;
    nanos = KEPT * nanos + Math.max(1, tookNanos);
    return true;
  }

  double bytesPerSecond() {
    return bytes / nanos * 1e9;
  }
}
