package io.dlion.monitor.log;

import io.dlion.core.report.Report;
import io.dlion.core.report.StreamFigures;
import io.dlion.core.report.StreamFigures.Prequential;
import java.util.function.Consumer;

/** How a stream stands: the last report of an interval; and lines of drifts. Not thread safe. */
final class StreamLines extends IntervalSum<Report.Streamed> {
  @Override
  void sum(Report.Streamed report) {}

  @Override
  MetricsLine line(Report.Streamed report) {
    StreamFigures f = report.figures();
    return MetricsLine.of(report, "stream")
        .put("learned", f.learned())
        .put("rejected", f.rejected())
        .put("shed", f.shed())
        .put("tested", f.tested())
        .put("queued", f.queued())
        .putKnown("backlog", f.backlog())
        .put("replayed", f.replayed())
        .put("arrivalsPerSecond", f.arrivalsPerSecond())
        .put("prequential", accuracies(f.site()))
        .put("clusterPrequential", accuracies(f.cluster()))
        .put(
            "freshnessSeconds",
            fresh ->
                fresh
                    .put("p50", f.freshness().p50Seconds())
                    .put("p99", f.freshness().p99Seconds())
                    .put("records", f.freshness().records()));
  }

  private static Consumer<MetricsLine> accuracies(Prequential accuracy) {
    return line ->
        line.put("window", accuracy.window())
            .put("fading", accuracy.fading())
            .put("overall", accuracy.overall());
  }

  @Override
  void reset() {}

  static MetricsLine drift(Report.Drifted report) {
    return MetricsLine.of(report, "drift")
        .put("scope", report.cluster() ? "cluster" : "site")
        .put("errorBefore", report.errorBefore())
        .put("errorAfter", report.errorAfter());
  }
}
