package io.dlion.monitor.comparison.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The curve of a run in bounded memory. Every point is kept until there are {@value #POINTS_MAX};
 * then every second one is left out, again and again. With a point for each evaluation of each
 * worker that begins where points are far denser than evaluations of one worker, so that a time to
 * a target is late by a few thousandths of the run at most, and never early. Not thread safe.
 *
 * @param <P> what a point is
 */
final class CurveRecorder<P> {
  static final int POINTS_MAX = 8192;

  private final ToDoubleFunction<P> secondsOf;
  private final List<P> points = new ArrayList<>();
  private long stride = 1;
  private long seen;

  CurveRecorder(ToDoubleFunction<P> secondsOf) {
    this.secondsOf = secondsOf;
  }

  /** Adds a point; one of the same time takes the place of the last. Times never go back. */
  void add(P point) {
    if (!points.isEmpty()
        && secondsOf.applyAsDouble(points.getLast()) == secondsOf.applyAsDouble(point)) {
      points.set(points.size() - 1, point);
      return;
    }
    if (seen++ % stride == 0) {
      points.add(point);
      if (points.size() == POINTS_MAX) {
        halve();
      }
    }
  }

  private void halve() {
    for (int i = 0; i < POINTS_MAX / 2; i++) {
      points.set(i, points.get(2 * i));
    }
    points.subList(POINTS_MAX / 2, POINTS_MAX).clear();
    stride *= 2;
  }

  /** The latest point; empty where there is none yet. */
  Optional<P> last() {
    return points.isEmpty() ? Optional.empty() : Optional.of(points.getLast());
  }

  List<P> points() {
    return List.copyOf(points);
  }
}
