package io.dlion.monitor.log;

import io.dlion.core.report.Report;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server says: the last of an interval, and whatever is new of its search for a rate of
 * commits. Not thread safe.
 */
final class ServingLines extends IntervalSum<Report.Serving> {
  private Report.@Nullable Serving before;

  /** Adds one; a line where the interval is over, and where the search has gone a step further. */
  Optional<MetricsLine> heard(Report.Serving report) {
    boolean isNews = isNews(report);
    before = report;
    Optional<MetricsLine> due = add(report);
    return due.isEmpty() && isNews ? take() : due;
  }

  private boolean isNews(Report.Serving report) {
    return before == null
        || before.commitTarget() != report.commitTarget()
        || before.searches() != report.searches()
        || !before.search().equals(report.search());
  }

  @Override
  void sum(Report.Serving report) {}

  @Override
  MetricsLine line(Report.Serving report) {
    return MetricsLine.of(report, "serving")
        .put("version", report.version())
        .put("commits", report.commits())
        .put("loss", report.loss())
        .put("commitTarget", report.commitTarget())
        .put("search", report.search())
        .put("reward", report.reward())
        .put("implicitMomentum", report.implicitMomentum())
        .put("searches", report.searches());
  }

  @Override
  void reset() {}
}
