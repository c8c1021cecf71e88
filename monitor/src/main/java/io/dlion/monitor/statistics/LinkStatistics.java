package io.dlion.monitor.statistics;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;

/** What is known of one link. Guarded by the lock of its {@link RunStatistics}. */
final class LinkStatistics {
  private final WorkerId peer;
  private final RateWindow rate = new RateWindow(RunStatistics.RECENT_NANOS);
  private double n;
  private double share;
  private double goodputBytesPerSecond;
  private long messages;
  private long bytesSent;

  LinkStatistics(WorkerId peer) {
    this.peer = peer;
  }

  void sent(Report.Sent report) {
    n = report.n();
    share = report.share();
    goodputBytesPerSecond = report.bytesPerSecond();
    messages++;
    bytesSent += report.bytes();
    rate.add(report.atNanos(), bytesSent);
  }

  LinkSnapshot snapshot(long nowNanos) {
    return new LinkSnapshot(
        peer, n, share, rate.perSecond(nowNanos), goodputBytesPerSecond, messages, bytesSent);
  }
}
