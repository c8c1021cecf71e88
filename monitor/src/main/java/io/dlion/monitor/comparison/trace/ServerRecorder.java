package io.dlion.monitor.comparison.trace;

import io.dlion.core.report.Report;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records what the server of a run does, in bounded memory: a point for each change of server,
 * target or search; where there are too many, every second one is left out. Guarded by the lock of
 * its {@link RunRecorder}.
 */
final class ServerRecorder {
  static final int POINTS_MAX = 2048;

  private final List<ServerPoint> points = new ArrayList<>();
  private @Nullable ServerPoint last;
  private boolean periods;

  void committed(Report.Committed report) {
    periods |= report.periodTarget() > 0;
  }

  void serving(Report.Serving report) {
    ServerPoint point =
        new ServerPoint(
            report.atNanos() / 1e9,
            report.worker(),
            report.version(),
            report.commits(),
            report.commitTarget(),
            report.search(),
            report.reward(),
            report.implicitMomentum(),
            report.searches());
    if (last == null || isNews(last, point)) {
      add(point);
    }
    last = point;
  }

  private static boolean isNews(ServerPoint before, ServerPoint now) {
    return !before.server().equals(now.server())
        || before.commitTarget() != now.commitTarget()
        || before.searches() != now.searches()
        || !before.search().equals(now.search());
  }

  private void add(ServerPoint point) {
    points.add(point);
    if (points.size() == POINTS_MAX) {
      for (int i = 0; i < POINTS_MAX / 2; i++) {
        points.set(i, points.get(2 * i));
      }
      points.subList(POINTS_MAX / 2, POINTS_MAX).clear();
    }
  }

  ServerTrace trace() {
    List<ServerPoint> all = new ArrayList<>(points);
    if (last != null && !last.equals(all.getLast())) {
      all.add(last);
    }
    return new ServerTrace(periods, all);
  }
}
