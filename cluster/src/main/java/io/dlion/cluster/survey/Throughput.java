package io.dlion.cluster.survey;

/**
 * What a line carries, from when bytes came over it. The first quarter of the time does not count:
 * the connection begins slowly, and buffers on the way take some without any line. Confined to one
 * thread.
 */
public final class Throughput {
  private static final int SAMPLES_MAX = 4096;

  private final long[] nanos = new long[SAMPLES_MAX];
  private final long[] bytes = new long[SAMPLES_MAX];
  private final long everyNanos;
  private int count;
  private long total;

  /**
   * Nothing has come.
   *
   * @param millisMax how long something may come, about
   */
  public Throughput(int millisMax) {
    this.everyNanos = millisMax * 1_000_000L / (SAMPLES_MAX / 4);
  }

  /** So many bytes have come by now. */
  public void came(long more, long nowNanos) {
    total += more;
    int at = count;
    boolean soon = count > 1 && nowNanos - nanos[count - 2] < everyNanos;
    if (soon || count == SAMPLES_MAX) {
      at = count - 1; // in the place of the last one
    } else {
      count++;
    }
    nanos[at] = nowNanos;
    bytes[at] = total;
  }

  /** All bytes that have come. */
  public long bytes() {
    return total;
  }

  /** Bytes per second; 0 where too little has come to tell. */
  public double bytesPerSecond() {
    if (count < 2) {
      return 0;
    }
    long from = nanos[0] + (nanos[count - 1] - nanos[0]) / 4;
    int first = 0;
    while (first < count - 2 && nanos[first] < from) {
      first++;
    }
    long took = nanos[count - 1] - nanos[first];
    return took <= 0 ? 0 : (bytes[count - 1] - bytes[first]) * 1e9 / took;
  }
}
