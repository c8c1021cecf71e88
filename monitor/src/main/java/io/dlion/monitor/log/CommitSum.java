package io.dlion.monitor.log;

import io.dlion.core.report.Report;

/** Sums up commits of one client over an interval. Not thread safe. */
final class CommitSum extends IntervalSum<Report.Committed> {
  private long count;
  private long steps;
  private long bytes;
  private long roundTrips;
  private double roundTripSeconds;

  @Override
  void sum(Report.Committed report) {
    count++;
    steps += report.steps();
    bytes += report.bytes();
    if (report.roundTripNanos() > 0) {
      roundTrips++;
      roundTripSeconds += report.roundTripNanos() / 1e9;
    }
  }

  @Override
  MetricsLine line(Report.Committed report) {
    return MetricsLine.of(report, "committed")
        .put("server", report.server().name())
        .put("version", report.version())
        .put("count", count)
        .put("steps", steps)
        .put("commits", report.commits())
        .put("periodCommits", report.periodCommits())
        .put("periodTarget", report.periodTarget())
        .put("bytes", bytes)
        .put("roundTripSeconds", roundTripSeconds / roundTrips);
  }

  @Override
  void reset() {
    count = 0;
    steps = 0;
    bytes = 0;
    roundTrips = 0;
    roundTripSeconds = 0;
  }
}
