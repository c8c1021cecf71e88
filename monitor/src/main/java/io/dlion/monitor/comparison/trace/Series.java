package io.dlion.monitor.comparison.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * A value over time in bounded memory: a point is the mean of {@code stride} successive values at
 * the time of the last of them; whenever there are too many points, neighbours are merged and the
 * stride doubles. Not thread safe.
 */
final class Series {
  private final int pointsMax;
  private final List<SeriesPoint> points = new ArrayList<>();
  private long stride = 1;
  private long pending;
  private double pendingSum;
  private double pendingSeconds;

  /**
   * An empty one.
   *
   * @param pointsMax even
   */
  Series(int pointsMax) {
    if (pointsMax < 2 || pointsMax % 2 != 0) {
      throw new IllegalArgumentException("points must be an even number, found " + pointsMax);
    }
    this.pointsMax = pointsMax;
  }

  void add(double seconds, double value) {
    pending++;
    pendingSum += value;
    pendingSeconds = seconds;
    if (pending == stride) {
      points.add(pendingPoint());
      pending = 0;
      pendingSum = 0;
      if (points.size() == pointsMax) {
        halve();
      }
    }
  }

  private void halve() {
    for (int i = 0; i < pointsMax / 2; i++) {
      SeriesPoint first = points.get(2 * i);
      SeriesPoint second = points.get(2 * i + 1);
      points.set(i, new SeriesPoint(second.seconds(), (first.value() + second.value()) / 2));
    }
    points.subList(pointsMax / 2, pointsMax).clear();
    stride *= 2;
  }

  private SeriesPoint pendingPoint() {
    return new SeriesPoint(pendingSeconds, pendingSum / pending);
  }

  /** What was added so far, the unfinished last point included. */
  List<SeriesPoint> points() {
    List<SeriesPoint> all = new ArrayList<>(points);
    if (pending > 0) {
      all.add(pendingPoint());
    }
    return all;
  }
}
