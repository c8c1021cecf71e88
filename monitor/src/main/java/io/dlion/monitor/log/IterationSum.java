package io.dlion.monitor.log;

import io.dlion.core.report.Report;

/** Sums up iterations of one worker over an interval. Not thread safe. */
final class IterationSum extends IntervalSum<Report.Iteration> {
  private long count;
  private double lossSum;
  private long lossesNotFinite;
  private long computeNanos;
  private long waitNanos;
  private long staleness;

  @Override
  void sum(Report.Iteration report) {
    count++;
    if (Double.isFinite(report.loss())) {
      lossSum += report.loss();
    } else {
      lossesNotFinite++;
    }
    computeNanos += report.computeNanos();
    waitNanos += report.waitNanos();
    staleness = Math.max(staleness, report.staleness());
  }

  @Override
  MetricsLine line(Report.Iteration report) {
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
    return line;
  }

  @Override
  void reset() {
    count = 0;
    lossSum = 0;
    lossesNotFinite = 0;
    computeNanos = 0;
    waitNanos = 0;
    staleness = 0;
  }
}
