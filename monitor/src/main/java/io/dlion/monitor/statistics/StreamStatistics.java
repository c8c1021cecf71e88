package io.dlion.monitor.statistics;

import io.dlion.core.report.Report;
import io.dlion.core.report.StreamFigures;

/** What is known of a worker's stream. Guarded by the lock of its {@link RunStatistics}. */
final class StreamStatistics {
  private final RateWindow rate = new RateWindow(RunStatistics.RECENT_NANOS);
  private StreamFigures last;

  StreamStatistics(Report.Streamed first) {
    last = first.figures();
    rate.add(first.atNanos(), last.learned());
  }

  void streamed(Report.Streamed report) {
    if (report.figures().learned() < last.learned()) {
      rate.clear(); // the stream was begun anew
    }
    last = report.figures();
    rate.add(report.atNanos(), last.learned());
  }

  StreamSnapshot snapshot(long nowNanos) {
    return new StreamSnapshot(last, rate.perSecond(nowNanos));
  }
}
