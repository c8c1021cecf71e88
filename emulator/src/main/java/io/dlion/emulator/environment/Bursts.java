package io.dlion.emulator.environment;

/**
 * Times at which more records arrive than usual: at the beginning of each period but the first.
 *
 * @param everyNanos from the beginning of one burst to that of the next
 * @param lengthNanos of a burst, less than {@code everyNanos}
 * @param factor what the rate is multiplied by meanwhile
 */
public record Bursts(long everyNanos, long lengthNanos, double factor) {
  /** The factor at a time. */
  double at(long nanos) {
    return nanos >= everyNanos && nanos % everyNanos < lengthNanos ? factor : 1;
  }

  /** When a burst begins or ends next after a time. */
  long nextChangeNanos(long afterNanos) {
    long period = afterNanos / everyNanos * everyNanos;
    boolean isUnderWay = period > 0 && afterNanos < period + lengthNanos;
    return period + (isUnderWay ? lengthNanos : everyNanos);
  }
}
