package io.dlion.core.server.method;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Losses over time, all finite, ordered by time. The arrays are not copied.
 *
 * @param seconds times, at least two of them different
 * @param losses the losses at those times
 */
@SuppressWarnings("ArrayRecordComponent") // confined to this package, never compared
record LossPoints(double[] seconds, double[] losses) {
  /** The finite ones of some points, unless all are of one moment. */
  static Optional<LossPoints> finite(double[] seconds, double[] losses) {
    if (seconds.length != losses.length) {
      throw new IllegalArgumentException(
          seconds.length + " times, but " + losses.length + " losses");
    }
    int[] order =
        IntStream.range(0, seconds.length)
            .filter(i -> Double.isFinite(seconds[i]) && Double.isFinite(losses[i]))
            .boxed()
            .sorted((i, j) -> Double.compare(seconds[i], seconds[j]))
            .mapToInt(Integer::intValue)
            .toArray();
    LossPoints points =
        new LossPoints(
            Arrays.stream(order).mapToDouble(i -> seconds[i]).toArray(),
            Arrays.stream(order).mapToDouble(i -> losses[i]).toArray());
    return order.length >= 2 && points.duration() > 0 ? Optional.of(points) : Optional.empty();
  }

  int size() {
    return seconds.length;
  }

  /** How many different times there are. */
  long moments() {
    return Arrays.stream(seconds).distinct().count();
  }

  /** Seconds from the first to the last point, more than 0. */
  double duration() {
    return seconds[size() - 1] - seconds[0];
  }

  /** By how much the loss falls in a second, from the first to the last quarter's medians. */
  double decreasePerSecond() {
    int quarter = Math.max(1, size() / 4);
    double begin = median(Arrays.copyOf(losses, quarter));
    double end = median(Arrays.copyOfRange(losses, size() - quarter, size()));
    double apart = 0; // mean time of the one less that of the other: never 0, as a median's may be
    for (int i = 0; i < quarter; i++) {
      apart += (seconds[size() - 1 - i] - seconds[i]) / quarter;
    }
    return (begin - end) / apart;
  }

  /** The middle value, or the mean of the two in the middle. Sorts the array. */
  static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1
        ? values[middle]
        : values[middle - 1] + (values[middle] - values[middle - 1]) / 2;
  }
}
