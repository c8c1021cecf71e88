package io.dlion.monitor.comparison.report;

import io.dlion.monitor.comparison.trace.SeriesPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several series as one line with a band around it: mean, least and greatest value over the series
 * at evenly spaced times. Between points of a series its value is interpolated linearly; before its
 * first and after its last point it has none. Points that are not finite are left out.
 */
final class Band {
  private Band() {}

  /**
   * The band at a moment.
   *
   * @param seconds virtual time since the run began
   * @param mean over series
   * @param low least of them
   * @param high greatest of them
   */
  record Point(double seconds, double mean, double low, double high) {}

  /** The band where every one of the series has a value: its ends, and a grid between them. */
  static List<Point> whereAll(List<List<SeriesPoint>> series, int intervals) {
    return over(series, intervals, series.size());
  }

  /** The band where at least half of the series have a value, over those that have. */
  static List<Point> whereMost(List<List<SeriesPoint>> series, int intervals) {
    return over(series, intervals, Math.ceilDiv(series.size(), 2));
  }

  private static List<Point> over(List<List<SeriesPoint>> series, int intervals, int valuesMin) {
    List<List<SeriesPoint>> finite = series.stream().map(Band::finite).toList();
    List<Double> firsts = new ArrayList<>();
    List<Double> lasts = new ArrayList<>();
    for (List<SeriesPoint> s : finite) {
      if (!s.isEmpty()) {
        firsts.add(s.getFirst().seconds());
        lasts.add(s.getLast().seconds());
      }
    }
    if (firsts.isEmpty() || firsts.size() < valuesMin) {
      return List.of();
    }
    boolean all = valuesMin == series.size();
    double from = firsts.stream().reduce(all ? Math::max : Math::min).orElseThrow();
    double to = lasts.stream().reduce(all ? Math::min : Math::max).orElseThrow();
    if (to < from) {
      return List.of();
    }
    int steps = to == from ? 0 : intervals;
    return IntStream.rangeClosed(0, steps)
        .mapToDouble(i -> i == steps ? to : from + (to - from) * i / steps)
        .mapToObj(t -> at(finite, t, valuesMin))
        .flatMap(List::stream)
        .toList();
  }

  private static List<Point> at(List<List<SeriesPoint>> series, double seconds, int valuesMin) {
    double[] values =
        series.stream().mapToDouble(s -> at(s, seconds)).filter(v -> !Double.isNaN(v)).toArray();
    if (values.length < valuesMin) {
      return List.of();
    }
    var statistics = java.util.Arrays.stream(values).summaryStatistics();
    return List.of(
        new Point(seconds, statistics.getAverage(), statistics.getMin(), statistics.getMax()));
  }

  private static List<SeriesPoint> finite(List<SeriesPoint> series) {
    return series.stream().filter(p -> Double.isFinite(p.value())).toList();
  }

  /** A series' value at a time; NaN outside it. Times ascend. */
  static double at(List<SeriesPoint> series, double seconds) {
    if (series.isEmpty()
        || seconds < series.getFirst().seconds()
        || seconds > series.getLast().seconds()) {
      return Double.NaN;
    }
    int low = 0;
    int high = series.size() - 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (series.get(middle).seconds() <= seconds) {
        low = middle;
      } else {
        high = middle;
      }
    }
    SeriesPoint before = series.get(low);
    SeriesPoint after = series.get(high);
    double span = after.seconds() - before.seconds();
    double share = span > 0 ? (seconds - before.seconds()) / span : 1;
    return before.value() + share * (after.value() - before.value());
  }
}
