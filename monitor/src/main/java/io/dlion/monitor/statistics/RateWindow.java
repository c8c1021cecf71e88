package io.dlion.monitor.statistics;

import java.util.ArrayDeque;

/**
 * The rate at which a total grew of late: over the last few seconds before its latest value. Memory
 * is bounded: the window is kept in steps of a fiftieth. Not thread safe.
 */
final class RateWindow {
  private static final int STEPS = 50;

  private record Point(long atNanos, long total) {}

  private final long spanNanos;
  private final ArrayDeque<Point> past = new ArrayDeque<>();
  private Point last = new Point(0, 0);
  private long lastGapNanos;

  RateWindow(long spanNanos) {
    this.spanNanos = spanNanos;
  }

  boolean isEmpty() {
    return past.isEmpty();
  }

  void clear() {
    past.clear();
  }

  /** Tells the total at a time; times that go back (reports of several threads) count as now. */
  void add(long atNanos, long total) {
    if (past.isEmpty()) {
      last = new Point(atNanos, total);
      lastGapNanos = 0;
      past.add(last);
      return;
    }
    if (last.atNanos - past.getLast().atNanos >= spanNanos / STEPS) {
      past.add(last);
    }
    long at = Math.max(atNanos, last.atNanos);
    lastGapNanos = at - last.atNanos;
    last = new Point(at, total);
    while (past.size() > 1 && second().atNanos <= at - spanNanos) {
      past.removeFirst();
    }
  }

  private Point second() {
    var points = past.iterator();
    points.next();
    return points.next();
  }

  /** Growth per second; 0 where there are not two points yet, or nothing came for long. */
  double perSecond(long nowNanos) {
    if (past.isEmpty() || nowNanos - last.atNanos > spanNanos + 2 * lastGapNanos) {
      return 0;
    }
    Point first = past.getFirst();
    long nanos = last.atNanos - first.atNanos;
    return nanos <= 0 ? 0 : (last.total - first.total) / (nanos / 1e9);
  }
}
