package io.dlion.emulator.network;

/**
 * What a link has carried per second of being busy, the recent past counting most: the weight of
 * what it carried falls by e for every {@value #WINDOW_SECONDS} seconds of being busy. It begins
 * with what a probe found.
 */
final class Goodput {
  static final double WINDOW_SECONDS = 5;

  private double bytesPerSecond;

  Goodput(double probedBytesPerSecond) {
    this.bytesPerSecond = probedBytesPerSecond;
  }

  double bytesPerSecond() {
    return bytesPerSecond;
  }

  /** So many bytes have taken so long. */
  void carried(double bytes, long nanos) {
    bytesPerSecond = after(bytes, nanos);
  }

  /** What it would be, had so many bytes taken so long besides. */
  double after(double bytes, long nanos) {
    if (nanos == 0) {
      return bytesPerSecond;
    }
    double seconds = nanos / 1e9;
    double recent = bytes / seconds;
    return recent + (bytesPerSecond - recent) * StrictMath.exp(-seconds / WINDOW_SECONDS);
  }
}
