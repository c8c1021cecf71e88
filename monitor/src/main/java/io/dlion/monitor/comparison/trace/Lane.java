package io.dlion.monitor.comparison.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * When one worker did one thing: the total over the run, and the intervals within a window of it,
 * as long as they are not too many. Not thread safe.
 */
final class Lane {
  private static final int INTERVALS_MAX = 400;

  private final long windowFromNanos;
  private final long windowToNanos;

  /** Begin, end, begin, end …, in nanoseconds, cut to the window. */
  private final List<Long> bounds = new ArrayList<>();

  private long totalNanos;
  private long completeToNanos;

  Lane(long windowFromNanos, long windowToNanos) {
    this.windowFromNanos = windowFromNanos;
    this.windowToNanos = windowToNanos;
    this.completeToNanos = windowToNanos;
  }

  /** Adds an interval that begins when the last one had ended, or later. */
  void add(long fromNanos, long toNanos) {
    if (toNanos <= fromNanos) {
      return;
    }
    totalNanos += toNanos - fromNanos;
    if (toNanos <= windowFromNanos || fromNanos >= windowToNanos) {
      return;
    }
    long begin = Math.max(fromNanos, windowFromNanos);
    if (bounds.size() == 2 * INTERVALS_MAX) {
      completeToNanos = Math.min(completeToNanos, begin);
    } else {
      bounds.add(begin);
      bounds.add(Math.min(toNanos, windowToNanos));
    }
  }

  /** Up to when all intervals of the window are here. */
  long completeToNanos() {
    return completeToNanos;
  }

  double totalSeconds() {
    return totalNanos / 1e9;
  }

  /** The intervals, cut off at a time. */
  List<Interval> intervals(long toNanos) {
    List<Interval> all = new ArrayList<>();
    for (int i = 0; i < bounds.size(); i += 2) {
      long end = Math.min(bounds.get(i + 1), toNanos);
      if (bounds.get(i) < end) {
        all.add(new Interval(bounds.get(i) / 1e9, end / 1e9));
      }
    }
    return all;
  }
}
