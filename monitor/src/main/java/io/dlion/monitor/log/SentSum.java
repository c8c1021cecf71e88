package io.dlion.monitor.log;

import io.dlion.core.report.Report;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sums up messages on one link over an interval. Not thread safe. */
final class SentSum {
  private Report.@Nullable Sent last;
  private long dueNanos;
  private long count;
  private double nSum;
  private double shareSum;
  private long bytes;
  private long budgetBytes;

  /** Adds one; a line where the interval is over. */
  Optional<MetricsLine> add(Report.Sent report) {
    last = report;
    count++;
    nSum += report.n();
    shareSum += report.share();
    bytes += report.bytes();
    budgetBytes += report.budgetBytes();
    return report.atNanos() >= dueNanos ? take() : Optional.empty();
  }

  /** A line of what was added since the last one, and a new interval. */
  Optional<MetricsLine> take() {
    Report.Sent report = last;
    if (report == null) {
      return Optional.empty();
    }
    MetricsLine line =
        MetricsLine.of(report, "sent")
            .put("peer", report.peer().name())
            .put("iteration", report.iteration())
            .put("count", count)
            .put("n", nSum / count)
            .put("share", shareSum / count)
            .put("bytes", bytes)
            .put("budgetBytes", budgetBytes)
            .put("bytesPerSecond", report.bytesPerSecond());
    dueNanos = report.atNanos() + MetricsLog.intervalNanos(report.atNanos());
    last = null;
    count = 0;
    nSum = 0;
    shareSum = 0;
    bytes = 0;
    budgetBytes = 0;
    return Optional.of(line);
  }
}
