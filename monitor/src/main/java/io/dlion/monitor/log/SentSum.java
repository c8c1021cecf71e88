package io.dlion.monitor.log;

import io.dlion.core.report.Report;

/** Sums up messages on one link over an interval. Not thread safe. */
final class SentSum extends IntervalSum<Report.Sent> {
  private long count;
  private double nSum;
  private double shareSum;
  private long bytes;
  private long budgetBytes;

  @Override
  void sum(Report.Sent report) {
    count++;
    nSum += report.n();
    shareSum += report.share();
    bytes += report.bytes();
    budgetBytes += report.budgetBytes();
  }

  @Override
  MetricsLine line(Report.Sent report) {
    return MetricsLine.of(report, "sent")
        .put("peer", report.peer().name())
        .put("iteration", report.iteration())
        .put("count", count)
        .put("n", nSum / count)
        .put("share", shareSum / count)
        .put("bytes", bytes)
        .put("budgetBytes", budgetBytes)
        .put("bytesPerSecond", report.bytesPerSecond());
  }

  @Override
  void reset() {
    count = 0;
    nSum = 0;
    shareSum = 0;
    bytes = 0;
    budgetBytes = 0;
  }
}
