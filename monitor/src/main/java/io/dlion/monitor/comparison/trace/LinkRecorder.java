package io.dlion.monitor.comparison.trace;

import io.dlion.core.report.Report;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records what one link carries. Guarded by the lock of its {@link RunRecorder}. */
final class LinkRecorder {
  private static final int SERIES_POINTS_MAX = 64;

  private final RunRecorder.Link link;
  private final @Nullable Series n;
  private long bytes;
  private long gradients;
  private double sumN;
  private double sumShare;
  private int open;
  private long busySinceNanos;
  private long busyNanos;

  LinkRecorder(RunRecorder.Link link, boolean withSeries) {
    this.link = link;
    this.n = withSeries ? new Series(SERIES_POINTS_MAX) : null;
  }

  void sent(Report.Sent report) {
    gradients++;
    sumN += report.n();
    sumShare += report.share();
    if (n != null) {
      n.add(report.atNanos() / 1e9, report.n());
    }
  }

  void transferBegan(long atNanos) {
    if (open++ == 0) {
      busySinceNanos = atNanos;
    }
  }

  /** Says whether there was anything to end. */
  boolean transferEnded(long atNanos, long carriedBytes) {
    if (open == 0) {
      return false;
    }
    bytes += carriedBytes;
    if (--open == 0) {
      busyNanos += atNanos - busySinceNanos;
    }
    return true;
  }

  int open() {
    return open;
  }

  LinkTrace trace() {
    return new LinkTrace(
        link.from(),
        link.to(),
        bytes,
        busyNanos / 1e9,
        gradients,
        sumN / gradients,
        sumShare / gradients,
        n == null ? List.of() : n.points());
  }
}
