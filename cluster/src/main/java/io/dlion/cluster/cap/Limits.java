package io.dlion.cluster.cap;

import io.dlion.core.Phrase;

/**
 * How much a worker may send and take at a moment.
 *
 * @param uploadMbit Mbit/s that it sends at most, to all peers together; infinite without a limit
 * @param downloadMbit Mbit/s that it takes at most, from all peers together; likewise
 */
public record Limits(double uploadMbit, double downloadMbit) {
  /** As much as the lines carry. */
  public static final Limits NONE = new Limits(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  private static final double BYTES_PER_MBIT = 125_000;

  /** In bytes per second. */
  double uploadBytesPerSecond() {
    return uploadMbit * BYTES_PER_MBIT;
  }

  /** In bytes per second. */
  double downloadBytesPerSecond() {
    return downloadMbit * BYTES_PER_MBIT;
  }

  /** The lower of two in each direction. */
  Limits and(double mbit) {
    return new Limits(Math.min(uploadMbit, mbit), Math.min(downloadMbit, mbit));
  }

  /** For people: {@code sends at most 5 Mbit/s, takes at most 5 Mbit/s}. */
  public String text() {
    if (equals(NONE)) {
      return "sends and takes what the lines carry";
    }
    return "sends " + text(uploadMbit) + ", takes " + text(downloadMbit);
  }

  private static String text(double mbit) {
    return Double.isInfinite(mbit) ? "what the lines carry" : "at most " + number(mbit) + " Mbit/s";
  }

  /** Without needless zeros: 5, 0.25. */
  static String number(double mbit) {
    return Phrase.of("%.3f", mbit).replaceFirst("[.]?0+$", "");
  }
}
