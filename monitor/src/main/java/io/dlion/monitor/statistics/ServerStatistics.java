package io.dlion.monitor.statistics;

import io.dlion.core.report.Report;

/** What is known of a server. Guarded by the lock of its {@link RunStatistics}. */
final class ServerStatistics {
  /** Longer than that of samples: a commit has many steps in it. */
  private static final long RECENT_NANOS = 20_000_000_000L;

  private final RateWindow rate = new RateWindow(RECENT_NANOS);
  private Report.Serving last;

  ServerStatistics(Report.Serving first) {
    last = first;
    rate.add(first.atNanos(), first.commits());
  }

  void serving(Report.Serving report) {
    if (report.commits() < last.commits()) {
      rate.clear(); // it serves anew
    }
    last = report;
    rate.add(report.atNanos(), report.commits());
  }

  ServerSnapshot snapshot(long nowNanos) {
    return new ServerSnapshot(
        last.atNanos(),
        last.version(),
        last.commits(),
        rate.perSecond(nowNanos),
        last.commitTarget(),
        last.search(),
        last.reward(),
        last.implicitMomentum(),
        last.searches());
  }
}
