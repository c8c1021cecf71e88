package io.dlion.monitor.log;

import io.dlion.core.report.Report;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sums up iterations of one worker over an interval. Not thread safe. */
final class IterationSum {
  private Report.@Nullable Iteration last;
  private long dueNanos;
  private long count;
  private double lossSum;
  private long lossesNotFinite;
  private long computeNanos;
  private long waitNanos;
  private long staleness;

  /** Adds one; a line where the interval is over. */
  Optional<MetricsLine> add(Report.Iteration report) {
    last = report;
    count++;
    if (Double.isFinite(report.loss())) {
      lossSum += report.loss();
    } else {
      lossesNotFinite++;
    }
    computeNanos += report.computeNanos();
    waitNanos += report.waitNanos();
    staleness = Math.max(staleness, report.staleness());
    return report.atNanos() >= dueNanos ? take() : Optional.empty();
  }

  /** A line of what was added since the last one, and a new interval. */
  Optional<MetricsLine> take() {
    Report.Iteration report = last;
    if (report == null) {
      return Optional.empty();
    }
    MetricsLine line =
        MetricsLine.of(report, "iteration")
            .put("iteration", report.iteration())
            .put("count", count)
            .put("batchSize", report.batchSize())
            .put("globalBatchSize", report.globalBatchSize())
            .put("loss", lossSum / (count - lossesNotFinite))
            .putSeconds("computeSeconds", computeNanos)
            .putSeconds("waitSeconds", waitNanos)
            .put("samples", report.samples())
            .put("clusterSamples", report.clusterSamples())
            .put("staleness", staleness);
    if (lossesNotFinite > 0) {
      line.put("lossesNotFinite", lossesNotFinite);
    }
    dueNanos = report.atNanos() + MetricsLog.intervalNanos(report.atNanos());
    last = null;
    count = 0;
    lossSum = 0;
    lossesNotFinite = 0;
    computeNanos = 0;
    waitNanos = 0;
    staleness = 0;
    return Optional.of(line);
  }
}
